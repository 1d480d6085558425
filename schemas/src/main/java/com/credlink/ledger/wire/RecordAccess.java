package com.credlink.ledger.wire;

import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Reads and makes records of one type without reflection on the way: accessors are spun into
 * lambdas once, the canonical constructor is a method handle.
 */
final class RecordAccess {

  private static final MethodType READ = MethodType.methodType(Object.class, Object.class);
  private static final MethodType MAKE = MethodType.methodType(Object.class, Object[].class);

  private final List<RecordComponent> components;
  private final List<Function<Object, Object>> readers;
  private final MethodHandle constructor;

  RecordAccess(Class<?> type) {
    components = List.of(type.getRecordComponents());
    try {
      MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
      readers = components.stream().map(component -> reader(lookup, type, component)).toList();
      Class<?>[] types = components.stream().map(RecordComponent::getType).toArray(Class<?>[]::new);
      constructor =
          lookup
              .findConstructor(type, MethodType.methodType(void.class, types))
              .asSpreader(Object[].class, types.length)
              .asType(MAKE);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("cannot reach record " + type.getName(), e);
    }
  }

  List<RecordComponent> components() {
    return components;
  }

  /** The accessors, in the order of the components. */
  List<Function<Object, Object>> readers() {
    return readers;
  }

  /** A record of these component values. */
  Object make(Object[] values) {
    try {
      return (Object) constructor.invokeExact(values);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalArgumentException("cannot make a record of " + Arrays.asList(values), e);
    }
  }

  @SuppressWarnings("unchecked") // The lambda is made for exactly this type.
  private static Function<Object, Object> reader(
      MethodHandles.Lookup lookup, Class<?> type, RecordComponent component) {
    try {
      MethodHandle accessor = lookup.unreflect(component.getAccessor());
      return (Function<Object, Object>)
          LambdaMetafactory.metafactory(
                  lookup,
                  "apply",
                  MethodType.methodType(Function.class),
                  READ,
                  accessor,
                  accessor.type().wrap())
              .getTarget()
              .invokeExact();
    } catch (Throwable e) {
      throw new IllegalArgumentException(
          "cannot read " + type.getName() + "." + component.getName(), e);
    }
  }
}
