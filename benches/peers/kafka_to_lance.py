"""The consumer that a user would write in Python: Kafka to a Lance table in batches of 50,000.

    kafka_to_lance.py BROKER TOPIC PARTITIONS EVENTS FOLDER

Prints events a second. It keeps no offsets with the rows: a crash loses or doubles a batch.
"""

import json
import sys
import time

import lance
import pyarrow as pa
from confluent_kafka import Consumer, TopicPartition

SCHEMA = pa.schema([("id", pa.string()), ("time", pa.int64()), ("project", pa.string()), ("session", pa.string()),
                    ("agent", pa.string()), ("type", pa.string()), ("tool", pa.string()), ("outcome", pa.string()),
                    ("files", pa.list_(pa.string())), ("duration_ms", pa.int64()), ("content", pa.string()),
                    ("attributes", pa.string())])


def row(payload):
    event = json.loads(payload)
    event["attributes"] = json.dumps(event["attributes"])
    return event


def main():
    broker, topic, partitions, events, folder = sys.argv[1:6]
    consumer = Consumer({"bootstrap.servers": broker, "group.id": "python", "queued.min.messages": 200000})
    consumer.assign([TopicPartition(topic, partition, 0) for partition in range(int(partitions))])
    uri, seen, rows = folder + "/events.lance", 0, []
    began = time.perf_counter()
    while seen < int(events):
        messages = consumer.consume(10000, 1.0)
        seen += len(messages)
        rows += [row(message.value()) for message in messages]
        if len(rows) >= 50000 or seen >= int(events):
            lance.write_dataset(pa.Table.from_pylist(rows, SCHEMA), uri, mode="append")
            rows = []
    print(int(events) / (time.perf_counter() - began))


main()
