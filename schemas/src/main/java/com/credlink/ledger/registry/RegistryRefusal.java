package com.credlink.ledger.registry;

/** The registry's rules say no, with Confluent's status, error code and message. */
public final class RegistryRefusal extends RuntimeException {

  /** Error codes are the HTTP status and two digits. */
  private static final int CODES_PER_STATUS = 100;

  private static final int SMALLEST_LONG_CODE = 10_000;

  private final int errorCode;

  /** A refusal with that error code. */
  public RegistryRefusal(int errorCode, String message) {
    super(message);
    this.errorCode = errorCode;
  }

  /** Confluent's error code. */
  public int errorCode() {
    return errorCode;
  }

  /** The HTTP status that goes with it. */
  public int status() {
    return errorCode < SMALLEST_LONG_CODE ? errorCode : errorCode / CODES_PER_STATUS;
  }

  static RegistryRefusal subjectNotFound(String subject) {
    return new RegistryRefusal(40401, "Subject '" + subject + "' not found.");
  }

  static RegistryRefusal versionNotFound(String version) {
    return new RegistryRefusal(40402, "Version " + version + " not found.");
  }

  static RegistryRefusal schemaNotFound() {
    return new RegistryRefusal(40403, "Schema not found");
  }

  static RegistryRefusal schemaNotFound(int id) {
    return new RegistryRefusal(40403, "Schema " + id + " not found");
  }

  static RegistryRefusal subjectSoftDeleted(String subject) {
    return new RegistryRefusal(
        40404,
        "Subject '" + subject + "' was soft deleted. Set permanent=true to delete permanently");
  }

  static RegistryRefusal subjectNotSoftDeleted(String subject) {
    return new RegistryRefusal(
        40405, "Subject '" + subject + "' was not deleted first before being permanently deleted");
  }

  static RegistryRefusal versionSoftDeleted(String subject, int version) {
    return new RegistryRefusal(
        40406,
        "Subject '"
            + subject
            + "' Version "
            + version
            + " was soft deleted. Set permanent=true to delete permanently");
  }

  static RegistryRefusal versionNotSoftDeleted(String subject, int version) {
    return new RegistryRefusal(
        40407,
        "Subject '"
            + subject
            + "' Version "
            + version
            + " was not deleted first before being permanently deleted");
  }

  static RegistryRefusal noLevel(String subject) {
    return new RegistryRefusal(
        40408, "Subject '" + subject + "' does not have subject-level compatibility configured");
  }

  static RegistryRefusal noMode(String subject) {
    return new RegistryRefusal(
        40409, "Subject '" + subject + "' does not have subject-level mode configured");
  }

  static RegistryRefusal incompatible(String subject, Object details) {
    return new RegistryRefusal(
        409,
        "Schema being registered is incompatible with an earlier schema for subject \""
            + subject
            + "\", details: "
            + details);
  }

  static RegistryRefusal invalidSchema(String message) {
    return new RegistryRefusal(42201, message);
  }

  static RegistryRefusal invalidVersion(String version) {
    return new RegistryRefusal(
        42202,
        "The specified version '"
            + version
            + "' is not a valid version id. Allowed values are between [1, 2^31-1] and the string"
            + " \"latest\"");
  }

  static RegistryRefusal invalidLevel(String level) {
    return new RegistryRefusal(
        42203,
        "Invalid compatibility level '"
            + level
            + "'. Valid values are none, backward, forward, full, backward_transitive,"
            + " forward_transitive, and full_transitive");
  }

  static RegistryRefusal invalidMode(String mode) {
    return new RegistryRefusal(
        42204,
        "Invalid mode '" + mode + "'. Valid values are READWRITE, READONLY, READONLY_OVERRIDE");
  }

  static RegistryRefusal notPermitted(String message) {
    return new RegistryRefusal(42205, message);
  }

  static RegistryRefusal invalidSubject(String message) {
    return new RegistryRefusal(42208, message);
  }
}
