package dev.weft.install;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is installed where the user does not say. */
enum Profile {
  DEFAULT(true, true, true, false),
  DEMO(true, true, true, true),
  MINIMAL(true, true, false, false),
  /** A cluster whose control plane is in another one. */
  REMOTE(true, false, false, false),
  /** Nothing: for what is added to an installation, such as a further gateway. */
  EMPTY(false, false, false, false);

  static final String INGRESS = "istio-ingressgateway";
  static final String EGRESS = "istio-egressgateway";

  private final boolean base;
  private final boolean control;
  private final boolean ingress;
  private final boolean egress;

  Profile(boolean base, boolean control, boolean ingress, boolean egress) {
    this.base = base;
    this.control = control;
    this.ingress = ingress;
    this.egress = egress;
  }

  boolean base() {
    return base;
  }

  boolean control() {
    return control;
  }

  boolean ingress() {
    return ingress;
  }

  boolean egress() {
    return egress;
  }

  String written() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Profile> find(String written) {
    return Arrays.stream(values()).filter(p -> p.written().equals(written)).findFirst();
  }

  static String all() {
    return List.of(values()).stream().map(Profile::written).collect(Collectors.joining(", "));
  }
}
