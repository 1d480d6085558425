package com.credlink.ledger.event;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Records with random content in every component; the same generator gives the same records. */
public final class RandomRecords {

  private static final List<String> TEXTS =
      List.of("", "a", "gid://shopify/Product/954889", "Grüße", "日本語", "\uD83D\uDE00", "\0\n\"\\");
  private static final long[] NUMBERS = {
    0, 1, -1, 63, 64, -64, -65, Long.MAX_VALUE, Long.MIN_VALUE
  };
  private static final int MAX_ITEMS = 3;
  private static final int MAX_BYTES = 300;

  private final RandomGenerator random;

  /** Records made of what {@code random} gives. */
  public RandomRecords(RandomGenerator random) {
    this.random = random;
  }

  /** A record of that type. */
  public <T> T next(Class<T> type) {
    return type.cast(record(type));
  }

  /** An event of any type. */
  public LedgerEvent event() {
    Class<?>[] types = LedgerEvent.class.getPermittedSubclasses();
    return (LedgerEvent) record(types[random.nextInt(types.length)]);
  }

  private Object record(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Object[] values = Arrays.stream(components).map(each -> value(each.getGenericType())).toArray();
    try {
      return type.getConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(type.getName(), e);
    }
  }

  private Object value(Type type) {
    if (type instanceof ParameterizedType generic) {
      Type item = generic.getActualTypeArguments()[0];
      if (generic.getRawType() == Optional.class) {
        return random.nextBoolean() ? Optional.of(value(item)) : Optional.empty();
      }
      List<Object> items = new ArrayList<>();
      for (int i = random.nextInt(MAX_ITEMS + 1); i > 0; i--) {
        items.add(value(item));
      }
      return List.copyOf(items);
    }
    Class<?> plain = (Class<?>) type;
    if (plain == String.class) {
      return TEXTS.get(random.nextInt(TEXTS.size())) + Long.toString(random.nextInt(1000), 36);
    }
    if (plain == boolean.class) {
      return random.nextBoolean();
    }
    if (plain == int.class) {
      return random.nextBoolean() ? random.nextInt() : random.nextInt(100);
    }
    if (plain == long.class) {
      return random.nextBoolean() ? NUMBERS[random.nextInt(NUMBERS.length)] : random.nextLong();
    }
    if (plain == Instant.class) {
      return Instant.ofEpochSecond(
          random.nextLong(-2_000_000_000L, 4_000_000_000L), random.nextInt(1_000_000) * 1_000L);
    }
    if (plain == Bytes.class) {
      byte[] bytes = new byte[random.nextInt(MAX_BYTES)];
      random.nextBytes(bytes);
      return Bytes.wrap(bytes);
    }
    if (plain.isEnum()) {
      return plain.getEnumConstants()[random.nextInt(plain.getEnumConstants().length)];
    }
    return record(plain);
  }
}
