package dev.weft.access;

import java.util.List;

/** Which tokens a request needs. */
public sealed interface JwtRequirement {
  /** A valid token of a provider. */
  record Of(String provider) implements JwtRequirement {}

  /** One of these is fulfilled. */
  record OneOf(List<JwtRequirement> requirements) implements JwtRequirement {
    public OneOf {
      requirements = List.copyOf(requirements);
    }
  }

  /** All of these are fulfilled. */
  record AllOf(List<JwtRequirement> requirements) implements JwtRequirement {
    public AllOf {
      requirements = List.copyOf(requirements);
    }
  }

  /** No token, or valid ones of any provider. */
  record ValidIfThere() implements JwtRequirement {}

  /** Anything; valid tokens count. */
  record Anything() implements JwtRequirement {}
}
