#!/bin/bash
# Formats the storage at the first start and runs the broker, as the official image does.
set -eu
java=(java -cp '/opt/kafka/libs/*' -Dlog4j2.configurationFile=/opt/kafka/log4j2.properties)
setup=(kafka.docker.KafkaDockerWrapper setup --default-configs-dir /etc/kafka/docker
    --mounted-configs-dir /mnt/shared/config --final-configs-dir /opt/kafka/config)
if ! answer=$("${java[@]}" "${setup[@]}" 2>&1) && ! grep -qi 'already formatted' <<<"$answer"; then
    echo "$answer" >&2
    exit 1
fi
read -ra heap <<<"${KAFKA_HEAP_OPTS:-}"
exec "${java[@]}" "${heap[@]}" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 kafka.Kafka /opt/kafka/config/server.properties
