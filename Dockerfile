FROM golang:1.26 AS build
WORKDIR /src
# Modules in a layer of their own: a change to our code downloads nothing again.
COPY go.mod go.sum ./
RUN go mod download
COPY . .
# Without cgo the program needs no C library, so the last stage can be empty.
RUN CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o /premiumline ./cmd/premiumline
RUN mkdir /data && /premiumline fallback >/fallback.xml

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /usr/local/go/lib/time/zoneinfo.zip /
COPY --from=build /premiumline /
# For a host outside ours: see "Point a Twilio number at it" in README.md.
COPY --from=build /fallback.xml /
# Numeric, because an empty image has no passwd, and Kubernetes' runAsNonRoot wants a number.
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
# The default call log, sqlite:premiumline.db, lies here; mount a volume to keep it.
WORKDIR /data
ENV ZONEINFO=/zoneinfo.zip
# The operator's listener (ADMIN_ADDR) stays on the container's loopback unless it is moved.
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["/premiumline", "health"]
ENTRYPOINT ["/premiumline"]
CMD ["serve"]
