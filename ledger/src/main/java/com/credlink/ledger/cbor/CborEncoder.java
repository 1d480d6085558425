package com.credlink.ledger.cbor;

import com.credlink.ledger.event.Bytes;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Core deterministic encoding (RFC 8949 section 4.2.1). */
final class CborEncoder {

  private static final int SIMPLE = 7 << 5;
  private static final int HALF = SIMPLE | Cbor.TWO_BYTES;
  private static final int SINGLE = SIMPLE | Cbor.FOUR_BYTES;
  private static final int DOUBLE = SIMPLE | Cbor.EIGHT_BYTES;

  private CborEncoder() {}

  static byte[] encode(CborItem item) {
    CborWriter out = new CborWriter();
    switch (item) {
      case CborItem.Int(long value) -> out.integer(value);
      case CborItem.ByteString(Bytes value) -> out.bytes(value.toArray());
      case CborItem.Text(String value) -> out.text(value);
      case CborItem.Array(List<CborItem> items) -> {
        out.array(items.size());
        items.forEach(each -> out.raw(encode(each)));
      }
      case CborItem.Pairs(var entries) -> pairs(out, entries);
      case CborItem.Tagged(long tag, CborItem inner) -> out.tag(tag).raw(encode(inner));
      case CborItem.Simple(int value) -> out.raw(simple(value));
      case CborItem.Real(double value) -> out.raw(real(value));
    }
    return out.toByteArray();
  }

  private static void pairs(CborWriter out, List<Map.Entry<CborItem, CborItem>> entries) {
    out.map(entries.size());
    entries.stream()
        .map(pair -> Map.entry(encode(pair.getKey()), encode(pair.getValue())))
        .sorted(Map.Entry.comparingByKey(Arrays::compareUnsigned))
        .forEachOrdered(pair -> out.raw(pair.getKey()).raw(pair.getValue()));
  }

  private static byte[] simple(int value) {
    return value < Cbor.ONE_BYTE
        ? new byte[] {(byte) (SIMPLE | value)}
        : new byte[] {(byte) (SIMPLE | Cbor.ONE_BYTE), (byte) value};
  }

  /** The shortest of three lengths that has the same value. */
  private static byte[] real(double value) {
    float single = (float) value;
    if (Double.compare(single, value) != 0 && !Double.isNaN(value)) {
      return ByteBuffer.allocate(9).put((byte) DOUBLE).putDouble(value).array();
    }
    short half = Float.floatToFloat16(single);
    return Float.compare(Float.float16ToFloat(half), single) == 0
        ? ByteBuffer.allocate(3).put((byte) HALF).putShort(half).array()
        : ByteBuffer.allocate(5).put((byte) SINGLE).putFloat(single).array();
  }
}
