"""Reads a CSV file, adds a column, writes the result."""

from pyspark.sql import SparkSession
from pyspark.sql.functions import col

spark = SparkSession.builder.appName("DataLineageExample").getOrCreate()

raw = spark.read.option("header", True).csv("s3://data_bucket/raw_data.csv")
transformed = raw.withColumn("new_col", col("column_name") * 2)
transformed.write.mode("overwrite").option("header", True).csv("s3://data_bucket/transformed_data.csv")

spark.stop()
