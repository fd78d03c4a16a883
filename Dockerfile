# syntax=docker/dockerfile:1
# Pin both images by digest:
#   docker build --build-arg BUILD_DIGEST=sha256:… --build-arg RUNTIME_DIGEST=sha256:… -t registry.example.com/converge:0.1.0 .
# `docker buildx imagetools inspect IMAGE` prints the digest of a tag. Without them the tags are taken as they are.
ARG BUILD_IMAGE=docker.io/library/node:24-trixie-slim
ARG BUILD_DIGEST=
ARG RUNTIME_IMAGE=gcr.io/distroless/nodejs24-debian13:nonroot
ARG RUNTIME_DIGEST=

FROM ${BUILD_IMAGE}${BUILD_DIGEST:+@}${BUILD_DIGEST} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No package of the build needs its install script: the image brings Node.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/build.ts scripts/
COPY src src
RUN node scripts/build.ts && npm ci --ignore-scripts --omit=dev

# Node and nothing else: no shell, no npm, no package manager.
FROM ${RUNTIME_IMAGE}${RUNTIME_DIGEST:+@}${RUNTIME_DIGEST}
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY LICENSE ./
# One arena of malloc: the daemon waits far more than it works, and threads would each keep memory of their own (20 MB).
ENV NODE_ENV=production MALLOC_ARENA_MAX=1
# The number, so that Kubernetes can see that it is not root.
USER 65532:65532
EXPOSE 9464
ENTRYPOINT ["/nodejs/bin/node", "/app/dist/cli/main.js"]
CMD ["--help"]
