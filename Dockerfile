# migvet with PostgreSQL and git, for CI systems other than GitHub's:
#
#   docker build --tag migvet .
#   docker run --rm --volume "$PWD:/repo:ro" migvet check --base origin/main
#
# It holds Debian's PostgreSQL, 15, and no npm to fetch another one with:
# --build-arg POSTGRES=17 puts in that version, from PostgreSQL's own repository.
#
# GitHub's Action does not use it; see action.yml. Both base images can be
# replaced, by mirrors for example.
ARG BUILD_IMAGE=golang:1.26.8-bookworm@sha256:a688600ca24f8a4d3ca77f95b0dd40704a9fc787c826660eb7ba0b641b8b175d
ARG BASE_IMAGE=debian:bookworm-slim@sha256:3783cc01769c7b2b1b83a5c5ad96c815348e28ed7da68e2e3687004faa906251

FROM ${BUILD_IMAGE} AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=
# The SQL parser is PostgreSQL's own, in C.
RUN CGO_ENABLED=1 go build -trimpath -ldflags="-s -w -X main.version=$VERSION" -o /migvet ./cmd/migvet

FROM ${BASE_IMAGE}
LABEL org.opencontainers.image.title="migvet" \
      org.opencontainers.image.description="Vets PostgreSQL migrations: lints them and tries them on a throw-away server that holds rows" \
      org.opencontainers.image.source="https://github.com/migvet/migvet" \
      org.opencontainers.image.licenses="MIT"

ARG POSTGRES=15

# Debian would make and keep a cluster that nobody uses; migvet makes its own.
# Nothing in here needs to become another user.
RUN export DEBIAN_FRONTEND=noninteractive \
 && apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates git postgresql-common \
 && echo "create_main_cluster = false" >>/etc/postgresql-common/createcluster.conf \
 && if [ "$POSTGRES" != 15 ]; then /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y; fi \
 && apt-get install --yes --no-install-recommends "postgresql-$POSTGRES" \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb \
 && find / -xdev -type f -perm /6000 -exec chmod a-s {} + \
 && useradd --create-home --uid 10001 migvet

COPY --from=build /migvet /usr/local/bin/migvet

# PostgreSQL refuses to run as root, and so would a careful reader.
USER migvet
WORKDIR /repo
ENTRYPOINT ["migvet"]
CMD ["check"]
