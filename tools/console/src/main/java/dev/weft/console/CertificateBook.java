package dev.weft.console;

import dev.weft.console.api.CertificateView;
import java.util.List;

/** The certificates that this control plane made, or knows of. Thread-safe. */
@FunctionalInterface
public interface CertificateBook {

  /** From the roots down; never a key. */
  List<CertificateView> certificates();
}
