package com.credlink.ledger.registry;

/**
 * A registry said no, or said nothing. The error codes are Confluent's; the message is the
 * registry's own and quotes the offending name.
 */
public abstract sealed class RegistryException extends RuntimeException {

  private final int errorCode;

  private RegistryException(int errorCode, String message, Throwable cause) {
    super(message, cause);
    this.errorCode = errorCode;
  }

  /** Confluent's error code; 0 where the registry gave none. */
  public int errorCode() {
    return errorCode;
  }

  /** The exception for an answer with that status and error code. */
  static RegistryException of(int status, int errorCode, String message) {
    return switch (errorCode) {
      case SubjectNotFound.CODE -> new SubjectNotFound(message);
      case VersionNotFound.CODE -> new VersionNotFound(message);
      case SchemaNotFound.CODE -> new SchemaNotFound(message);
      case InvalidSchema.CODE -> new InvalidSchema(message);
      case InvalidVersion.CODE -> new InvalidVersion(message);
      case NotPermitted.CODE -> new NotPermitted(message);
      default -> {
        if (status == Incompatible.CODE) {
          yield new Incompatible(message);
        }
        yield status >= 500
            ? new Failed(errorCode, message)
            : new Refused(status, errorCode, message);
      }
    };
  }

  /** 40401: there is no such subject. */
  public static final class SubjectNotFound extends RegistryException {
    static final int CODE = 40401;

    SubjectNotFound(String message) {
      super(CODE, message, null);
    }
  }

  /** 40402: the subject has no such version. */
  public static final class VersionNotFound extends RegistryException {
    static final int CODE = 40402;

    VersionNotFound(String message) {
      super(CODE, message, null);
    }
  }

  /** 40403: there is no such schema. */
  public static final class SchemaNotFound extends RegistryException {
    static final int CODE = 40403;

    /** For every registry, whatever it speaks. */
    public SchemaNotFound(String message) {
      super(CODE, message, null);
    }
  }

  /** 409: the schema is not compatible with the versions that its subject's level names. */
  public static final class Incompatible extends RegistryException {
    static final int CODE = 409;

    Incompatible(String message) {
      super(CODE, message, null);
    }
  }

  /** 42201: the registry does not understand the schema. */
  public static final class InvalidSchema extends RegistryException {
    static final int CODE = 42201;

    InvalidSchema(String message) {
      super(CODE, message, null);
    }
  }

  /** 42202: not a version. */
  public static final class InvalidVersion extends RegistryException {
    static final int CODE = 42202;

    InvalidVersion(String message) {
      super(CODE, message, null);
    }
  }

  /** 42205: the mode of the subject forbids it. */
  public static final class NotPermitted extends RegistryException {
    static final int CODE = 42205;

    NotPermitted(String message) {
      super(CODE, message, null);
    }
  }

  /**
   * 50001 and other server errors that lasted until the deadline: the registry is there but ill.
   */
  public static final class Failed extends RegistryException {
    Failed(int errorCode, String message) {
      super(errorCode, message, null);
    }
  }

  /** Any other refusal, such as 401 for wrong credentials. */
  public static final class Refused extends RegistryException {
    private final int status;

    Refused(int status, int errorCode, String message) {
      super(errorCode, message, null);
      this.status = status;
    }

    /** The HTTP status. */
    public int status() {
      return status;
    }
  }

  /** No address answered before the deadline. Whether a registration took effect is unknown. */
  public static final class Unreachable extends RegistryException {
    Unreachable(String message, Throwable cause) {
      super(0, message, cause);
    }
  }

  /** The registry answered with something that is no Avro schema, or not in its protocol at all. */
  public static final class Unreadable extends RegistryException {
    Unreadable(String message, Throwable cause) {
      super(0, message, cause);
    }
  }
}
