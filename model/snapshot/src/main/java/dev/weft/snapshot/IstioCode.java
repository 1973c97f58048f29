package dev.weft.snapshot;

import java.util.Optional;
import java.util.stream.Stream;

/** placeholder */
public enum IstioCode {
  IST0101("ReferencedResourceNotFound");

  private final String title;

  IstioCode(String title) {
    this.title = title;
  }

  public String title() {
    return title;
  }

  public static Optional<IstioCode> of(String code) {
    return Stream.of(values()).filter(c -> c.name().equals(code)).findFirst();
  }
}
