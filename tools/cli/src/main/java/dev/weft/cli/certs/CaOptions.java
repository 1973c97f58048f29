package dev.weft.cli.certs;

import dev.weft.ca.CaProfile;
import dev.weft.ca.CaProfile.KeyKind;
import dev.weft.cli.reach.CommandFailure;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Option;

/** What both CA commands take. */
final class CaOptions {
  /** Istio's ROOTCA_DAYS. */
  static final int ROOT_DAYS = 3650;

  /** Istio's INTERMEDIATE_DAYS. */
  static final int INTERMEDIATE_DAYS = 730;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "certs",
      description =
          "The directory with root-cert.pem and root-key.pem (default: ./${DEFAULT-VALUE})")
  private Path out = Path.of("certs");

  @Option(
      names = "--org",
      paramLabel = "NAME",
      defaultValue = "Istio",
      description = "The organization in the CA's name (default: ${DEFAULT-VALUE})")
  private String organization = "Istio";

  @Option(
      names = "--key",
      paramLabel = "KIND",
      defaultValue = "rsa-4096",
      converter = KeyKinds.class,
      description = "rsa-4096 or ecdsa-p256 (default: ${DEFAULT-VALUE})")
  private KeyKind key = KeyKind.RSA_4096;

  CaFolder folder() {
    return new CaFolder(out);
  }

  CaProfile root(int days) {
    return profile("Root CA", "", days);
  }

  CaProfile intermediate(String cluster, int days) {
    return profile("Intermediate CA", cluster, days);
  }

  private CaProfile profile(String name, String locality, int days) {
    if (days < 1) {
      throw CommandFailure.failed("--days " + days + " is less than one");
    }
    return new CaProfile(organization, name, locality, key, Duration.ofDays(days));
  }
}
