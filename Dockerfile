# Build on the machine that uses it: see NOTICE about the video engine's licences.
#   docker build -t veilgate .
#   docker run --rm -p 127.0.0.1:8080:8080 -p 127.0.0.1:8554:8554 -v ./site.yaml:/etc/veilgate/site.yaml:ro -v veilgate:/var/lib/veilgate veilgate
# Inside a container the listeners must be open to its network: `server: { http: 0.0.0.0:8080, rtsp: 0.0.0.0:8554, behindProxy: true }`.
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc tsconfig.json ./
COPY scripts scripts
COPY src src
RUN npm ci && npm prune --omit=dev

FROM node:22-bookworm-slim
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE NOTICE ./
COPY zones zones
COPY models models
COPY fonts fonts
RUN install -d -o node -g node /var/lib/veilgate && chmod +x dist/cli.js && ln -s /app/dist/cli.js /usr/local/bin/veilgate
USER node
VOLUME /var/lib/veilgate
EXPOSE 8080 8554
HEALTHCHECK --interval=10s --timeout=3s CMD ["node", "-e", "fetch('http://127.0.0.1:8080/readyz').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
CMD ["veilgate", "start", "/etc/veilgate/site.yaml"]
