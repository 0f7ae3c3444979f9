# Stands in for apache/kafka:4.1.1 where no image can be pulled: the same release from Maven Central, set up from KAFKA_*
# variables by Kafka's own code, as in the official image. The context is a directory with jars/, kafka.sh, log4j2.yaml and
# log4j2.properties.
ARG BASE
FROM ${BASE}
RUN apt-get update \
    && apt-get install -y --no-install-recommends openjdk-17-jre-headless \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 1000 --create-home appuser \
    && mkdir -p /etc/kafka/docker /mnt/shared/config /opt/kafka/config /opt/kafka/logs /var/lib/kafka/data \
    && touch /etc/kafka/docker/server.properties \
    && chown -R appuser /etc/kafka /opt/kafka /var/lib/kafka
COPY jars /opt/kafka/libs
COPY log4j2.yaml /etc/kafka/docker/log4j2.yaml
COPY log4j2.yaml /etc/kafka/docker/tools-log4j2.yaml
COPY log4j2.properties /opt/kafka/
COPY kafka.sh /opt/kafka/
# The official image's default, too.
ENV CLUSTER_ID=5L6g3nShT-eMCtK--X86sw
USER appuser
VOLUME ["/var/lib/kafka/data"]
CMD ["/bin/bash", "/opt/kafka/kafka.sh"]
