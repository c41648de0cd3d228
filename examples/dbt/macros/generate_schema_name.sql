{# Schemas are called as they are written: raw, not main_raw. #}
{% macro generate_schema_name(name, node) %}{{ name or target.schema }}{% endmacro %}
