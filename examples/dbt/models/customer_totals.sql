select c.id as customer_id, c.name, c.country, sum(o.amount) as total
from {{ source('raw', 'customers') }} c
join {{ ref('stg_orders') }} o on o.customer_id = c.id
group by 1, 2, 3
