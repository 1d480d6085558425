# The ledger from source: one stage with Maven and a JDK, one with what runs.
FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
COPY . .
RUN bin/ledger --version

FROM eclipse-temurin:25-jdk
RUN useradd --system --uid 10001 --home-dir /data --create-home ledger
COPY --from=build /src/bin /opt/ledger/bin
COPY --from=build /src/ops/target/launch /opt/ledger/ops/target/launch
COPY --from=build /src/ops/target/lib /opt/ledger/ops/target/lib
USER ledger
WORKDIR /data
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["/opt/ledger/bin/ledger"]
CMD ["serve"]
