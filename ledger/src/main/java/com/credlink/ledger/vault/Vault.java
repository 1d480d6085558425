package com.credlink.ledger.vault;

import com.credlink.ledger.asset.AssetStore;
import com.credlink.ledger.event.Bytes;
import com.credlink.ledger.event.KeyWrap;
import com.credlink.ledger.event.Sealed;
import com.credlink.ledger.keys.AesGcm;
import com.credlink.ledger.keys.LengthPrefixed;
import com.credlink.ledger.vault.DataKeys.DataKey;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals values for the log and opens them. Safe for use by many threads at once.
 *
 * <p>Each value has a content key of its own, which is the XOR of one random share per data key;
 * each share is wrapped by its data key. With one subject the share is the content key. Without any
 * one of the shares the others are random numbers: erasing one subject makes the value unreadable.
 *
 * <p>Nonces: a content key seals one value, so its nonce cannot meet another; it is random all the
 * same, so that a source of randomness which repeats a key does not at once repeat the nonce. A
 * data key wraps many shares under random nonces and is replaced long before those may meet ({@link
 * DataKeys#MAX_WRAPS}).
 */
public final class Vault implements AutoCloseable {

  /** Larger values go to the asset store and the event refers to them: 512 KiB. */
  public static final int MAX_INLINE_BYTES = 512 * 1024;

  private static final String VALUE = "ledger.vault.value.v1";
  private static final String WRAP = "ledger.vault.wrap.v1";

  private final DataKeys keys;
  private final AssetStore assets;
  private final AesGcm cipher;
  private final SecureRandom random;

  /** A vault on these keys; {@code assets} takes the sealed bytes of large values. */
  public Vault(DataKeys keys, AssetStore assets, AesGcm cipher, SecureRandom random) {
    this.keys = keys;
    this.assets = assets;
    this.cipher = cipher;
    this.random = random;
  }

  /**
   * Seals a value under the tenant's data key, which is made on first use.
   *
   * @throws VaultException.Unavailable when a data key has to be made and cannot be stored.
   * @throws com.credlink.ledger.asset.AssetException when a large value cannot be stored.
   */
  public Sealed seal(SealContext context, byte[] plain) {
    return seal(context, plain, List.of(keys.forSealing(DataKeys.values(context.tenant()))));
  }

  /** The same under the data keys of several subjects. */
  Sealed seal(SealContext context, byte[] plain, List<DataKey> dataKeys) {
    List<String> keyIds = dataKeys.stream().map(DataKey::id).toList();
    // One draw for all that is random in a value: the source is shared and locked for each.
    int perKey = AesGcm.KEY_BYTES + AesGcm.NONCE_BYTES;
    byte[] drawn = new byte[dataKeys.size() * perKey + AesGcm.NONCE_BYTES];
    random.nextBytes(drawn);
    byte[] contentKey = new byte[AesGcm.KEY_BYTES];
    LengthPrefixed place = context.place(keyIds);
    byte[] wrapContext = SealContext.bind(WRAP, place);
    List<KeyWrap> wraps = new ArrayList<>(dataKeys.size());
    int at = 0;
    for (DataKey dataKey : dataKeys) {
      byte[] share = Arrays.copyOfRange(drawn, at, at + AesGcm.KEY_BYTES);
      byte[] nonce = Arrays.copyOfRange(drawn, at + AesGcm.KEY_BYTES, at + perKey);
      xor(contentKey, share);
      wraps.add(keys.wrap(dataKey, nonce, share, wrapContext));
      at += perKey;
    }
    byte[] nonce = Arrays.copyOfRange(drawn, at, drawn.length);
    byte[] sealed =
        cipher.seal(
            new SecretKeySpec(contentKey, "AES"), nonce, SealContext.bind(VALUE, place), plain);
    if (plain.length <= MAX_INLINE_BYTES) {
      return new Sealed(
          wraps, Bytes.wrap(nonce), Bytes.wrap(sealed), plain.length, Optional.empty());
    }
    String storedAs = assets.put(context.tenant(), sealed);
    return new Sealed(wraps, Bytes.wrap(nonce), Bytes.EMPTY, plain.length, Optional.of(storedAs));
  }

  /**
   * Opens a value.
   *
   * @throws VaultException.KeyMissing when it was erased.
   * @throws VaultException.ContentMissing when it was stored by reference and is not there.
   * @throws VaultException.Tampered when it, or the place where it was found, is not what it was.
   * @throws com.credlink.ledger.asset.AssetException when a large value cannot be read.
   */
  public byte[] open(SealContext context, Sealed sealed) {
    List<String> keyIds = sealed.wraps().stream().map(KeyWrap::keyId).toList();
    if (keyIds.isEmpty() || sealed.nonce().length() != AesGcm.NONCE_BYTES) {
      throw tampered(context);
    }
    // First see that every key is there: what is half erased is erased, not tampered with.
    List<DataKey> dataKeys = new ArrayList<>(keyIds.size());
    for (String keyId : keyIds) {
      dataKeys.add(keys.forOpening(keyId).orElseThrow(() -> new VaultException.KeyMissing(keyId)));
    }
    try {
      byte[] contentKey = new byte[AesGcm.KEY_BYTES];
      LengthPrefixed place = context.place(keyIds);
      byte[] wrapContext = SealContext.bind(WRAP, place);
      for (int i = 0; i < dataKeys.size(); i++) {
        byte[] share = keys.unwrap(dataKeys.get(i), sealed.wraps().get(i), wrapContext);
        if (share.length != AesGcm.KEY_BYTES) {
          throw tampered(context);
        }
        xor(contentKey, share);
      }
      byte[] plain =
          cipher.open(
              new SecretKeySpec(contentKey, "AES"),
              sealed.nonce().toArray(),
              SealContext.bind(VALUE, place),
              ciphertext(context, sealed));
      if (plain.length != sealed.length()) {
        throw tampered(context);
      }
      return plain;
    } catch (AEADBadTagException e) {
      VaultException.Tampered tampered = tampered(context);
      tampered.initCause(e);
      throw tampered;
    }
  }

  /**
   * A keyed hash to look things up by without storing them: HMAC-SHA256 under a key that is never
   * in the log. Length-prefixed, so that no two lists of parts and no two domains meet.
   *
   * @param domain what is looked up, such as {@code webhook.body}.
   */
  public Bytes lookupHash(String domain, byte[]... parts) {
    return keys.lookupHash(domain, parts);
  }

  /** Forgets every unwrapped key. */
  @Override
  public void close() {
    keys.close();
  }

  private byte[] ciphertext(SealContext context, Sealed sealed) {
    if (sealed.storedAs().isEmpty()) {
      return sealed.ciphertext().toArray();
    }
    String storedAs = sealed.storedAs().get();
    return assets
        .get(context.tenant(), storedAs)
        .orElseThrow(() -> new VaultException.ContentMissing(storedAs));
  }

  private static void xor(byte[] into, byte[] share) {
    for (int i = 0; i < into.length; i++) {
      into[i] ^= share[i];
    }
  }

  private static VaultException.Tampered tampered(SealContext context) {
    return new VaultException.Tampered(
        "the sealed value of '%s' in event '%s' was altered or moved"
            .formatted(context.fieldPath(), context.eventId()));
  }
}
