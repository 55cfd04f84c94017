# migvet with PostgreSQL and git, for CI systems other than GitHub's:
#
#   docker build --tag migvet .
#   docker run --rm --volume "$PWD:/repo:ro" migvet check --base origin/main
#
# GitHub's Action does not use it; see action.yml. Both base images can be
# replaced, by mirrors or by digests.
ARG BUILD_IMAGE=golang:1.26-bookworm
ARG BASE_IMAGE=debian:bookworm-slim

FROM ${BUILD_IMAGE} AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
# The SQL parser is PostgreSQL's own, in C.
RUN CGO_ENABLED=1 go build -trimpath -ldflags="-s -w" -o /migvet ./cmd/migvet

FROM ${BASE_IMAGE}
LABEL org.opencontainers.image.title="migvet" \
      org.opencontainers.image.description="Vets PostgreSQL migrations: lints them and tries them on a throw-away server that holds rows" \
      org.opencontainers.image.source="https://github.com/migvet/migvet" \
      org.opencontainers.image.licenses="MIT"

# Debian would make and keep a cluster that nobody uses; migvet makes its own.
RUN export DEBIAN_FRONTEND=noninteractive \
 && apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates git postgresql-common \
 && echo "create_main_cluster = false" >>/etc/postgresql-common/createcluster.conf \
 && apt-get install --yes --no-install-recommends postgresql-15 \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb \
 && git config --system --add safe.directory '*' \
 && useradd --create-home --uid 10001 migvet
# The mounted repository belongs to somebody else, which git would refuse.

COPY --from=build /migvet /usr/local/bin/migvet

# PostgreSQL refuses to run as root, and so would a careful reader.
USER migvet
WORKDIR /repo
ENTRYPOINT ["migvet"]
CMD ["check"]
