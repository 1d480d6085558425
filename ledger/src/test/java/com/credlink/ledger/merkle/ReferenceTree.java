package com.credlink.ledger.merkle;

import java.security.MessageDigest;
import java.util.List;
import java.util.stream.Stream;

/** RFC 6962 section 2.1 word for word: slow, and nothing of it is the product's. */
final class ReferenceTree {

  private ReferenceTree() {}

  /** MTH(D). */
  static byte[] root(List<byte[]> d) throws Exception {
    int n = d.size();
    return switch (n) {
      case 0 -> sha256();
      case 1 -> sha256(new byte[] {0}, d.getFirst());
      default -> sha256(new byte[] {1}, root(d.subList(0, k(n))), root(d.subList(k(n), n)));
    };
  }

  /** PATH(m, D). */
  static List<byte[]> path(int m, List<byte[]> d) throws Exception {
    int n = d.size();
    if (n == 1) {
      return List.of();
    }
    List<byte[]> left = d.subList(0, k(n));
    List<byte[]> right = d.subList(k(n), n);
    return m < k(n) ? plus(path(m, left), root(right)) : plus(path(m - k(n), right), root(left));
  }

  /** SUBPROOF(m, D, b); PROOF(m, D) is SUBPROOF(m, D, true). */
  static List<byte[]> subproof(int m, List<byte[]> d, boolean b) throws Exception {
    int n = d.size();
    if (m == n) {
      return b ? List.of() : List.of(root(d));
    }
    List<byte[]> left = d.subList(0, k(n));
    List<byte[]> right = d.subList(k(n), n);
    return m <= k(n)
        ? plus(subproof(m, left, b), root(right))
        : plus(subproof(m - k(n), right, false), root(left));
  }

  private static int k(int n) {
    int k = 1;
    while (2 * k < n) {
      k *= 2;
    }
    return k;
  }

  private static List<byte[]> plus(List<byte[]> list, byte[] last) {
    return Stream.concat(list.stream(), Stream.of(last)).toList();
  }

  private static byte[] sha256(byte[]... parts) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (byte[] part : parts) {
      digest.update(part);
    }
    return digest.digest();
  }
}
