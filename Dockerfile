# The static binary and nothing else: no shell, no libraries, no root. `make image` builds it, so that what runs in the
# container is the very binary that `make build` makes reproducibly.
FROM scratch
COPY bin/image/rummage /rummage
COPY --chown=65532:65532 bin/image/data /data
USER 65532:65532
WORKDIR /data
ENTRYPOINT ["/rummage"]
CMD ["help"]
