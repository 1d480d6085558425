package com.credlink.ledger.topology.signing;

import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.KeyVersion;
import com.credlink.ledger.projections.signing.SigningRequest;
import com.credlink.ledger.topology.streams.Keys;
import com.credlink.ledger.topology.streams.Table;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What was made for each template: the digest together with all that decides what is made of it. A
 * request for the same again is answered from the first result, and no key is touched.
 */
final class Results {

  private final Table store;

  Results(Table store) {
    this.store = store;
  }

  /** The request whose result answers {@code request}, if there is one. */
  Optional<String> first(SigningRequest request) {
    return Optional.ofNullable(store.get(key(request)))
        .map(id -> new String(id, StandardCharsets.UTF_8));
  }

  /** {@code request} was signed; the first of its template is remembered. */
  void signed(SigningRequest request) {
    byte[] key = key(request);
    if (store.get(key) == null) {
      store.put(key, request.requestId().getBytes(StandardCharsets.UTF_8));
    }
  }

  private static byte[] key(SigningRequest request) {
    return Keys.of(
        request.tenant(),
        request.digest(),
        Boolean.toString(request.assetStored()),
        request.formats().stream().map(Enum::name).sorted().collect(Collectors.joining(",")),
        request.keys().stream().map(KeyVersion::keyId).sorted().collect(Collectors.joining(",")),
        request.titleHash().map(Bytes::hex).orElse(""),
        Boolean.toString(request.remoteManifest()),
        Boolean.toString(request.timestamp()));
  }
}
