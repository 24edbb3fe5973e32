# syntax=docker/dockerfile:1
# `docker build .` makes the image of `athena`; the stage `tests` runs `./dev test` (compose.yaml has both).

# Lance and the AWS libraries need Rust 1.94.1 or newer.
FROM rust:1.95-bookworm AS builder
WORKDIR /athena
COPY dev .
# The packages that `./dev` would install.
RUN apt-get update \
    && apt-get install -y --no-install-recommends $(sed -n 's/^DEBIAN="\(.*\)"$/\1/p' dev) \
    && rm -rf /var/lib/apt/lists/*
COPY . .

FROM builder AS binary
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/target \
    CARGO_TARGET_DIR=/target cargo build --release --locked --bin athena \
    && cp /target/release/athena /usr/local/bin/athena

# What `./dev test` builds and downloads goes to /cache, which compose.yaml keeps in a volume.
FROM builder AS tests
RUN apt-get update \
    && apt-get install -y --no-install-recommends $(sed -n 's/^DEBIAN_TEST="\(.*\)"$/\1/p' dev) \
    && rm -rf /var/lib/apt/lists/* \
    && rustup component add rustfmt clippy
# Debian's Go is too old for versitygw.
COPY --from=golang:1.25-bookworm /usr/local/go /usr/local/go
ENV PATH=/usr/local/go/bin:$PATH ATHENA_CACHE=/cache CARGO_HOME=/cache/cargo
CMD ["./dev", "test"]

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl libssl3 zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --home-dir /var/lib/athena athena
COPY --from=binary /usr/local/bin/athena /usr/local/bin/athena
USER athena
WORKDIR /var/lib/athena
EXPOSE 7070
ENTRYPOINT ["athena"]
