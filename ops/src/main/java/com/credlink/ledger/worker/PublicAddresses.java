package com.credlink.ledger.worker;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * Which addresses a worker may connect to on behalf of a stranger. A webhook's image source is text
 * from outside: without this guard it could make the ledger read its own network (server-side
 * request forgery).
 *
 * <p>Source of the ranges: IANA special-purpose address registries (RFC 6890 and its updates).
 */
final class PublicAddresses {

  private PublicAddresses() {}

  /** Whether {@code address} is globally reachable. */
  static boolean contains(InetAddress address) {
    if (address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    return switch (address) {
      case Inet4Address v4 -> isPublic(v4.getAddress());
      case Inet6Address v6 -> isPublic6(v6.getAddress());
      default -> false;
    };
  }

  private static boolean isPublic(byte[] b) {
    int first = b[0] & 0xff;
    int second = b[1] & 0xff;
    int third = b[2] & 0xff;
    return !(first == 0
        || (first == 100 && second >= 64 && second < 128) // shared address space
        || (first == 192 && second == 0 && (third == 0 || third == 2)) // protocol, documentation
        || (first == 192 && second == 88 && third == 99) // 6to4 relay
        || (first == 198 && (second == 18 || second == 19)) // benchmarks
        || (first == 198 && second == 51 && third == 100) // documentation
        || (first == 203 && second == 0 && third == 113) // documentation
        || first >= 240); // reserved, broadcast
  }

  private static boolean isPublic6(byte[] b) {
    int first = b[0] & 0xff;
    int second = b[1] & 0xff;
    if (first < 0x20 || first > 0x3f) {
      return false; // only 2000::/3 is global unicast; this also drops mapped, NAT64 and unique
      // local addresses
    }
    boolean teredoOrSpecial = first == 0x20 && second == 0x01 && (b[2] & 0xff) < 0x02;
    boolean documentation =
        (first == 0x20 && second == 0x01 && (b[2] & 0xff) == 0x0d && (b[3] & 0xff) == 0xb8)
            || (first == 0x3f && second == 0xff);
    boolean sixToFour = first == 0x20 && second == 0x02;
    return !teredoOrSpecial && !documentation && !sixToFour;
  }
}
