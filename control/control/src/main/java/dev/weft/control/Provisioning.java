package dev.weft.control;

import dev.weft.ca.CertificateAuthority;
import dev.weft.ca.CurrentAuthority;
import dev.weft.ca.Pem;
import dev.weft.config.ConfigSet;
import dev.weft.control.ingest.Ingest;
import dev.weft.discovery.Leadership;
import dev.weft.discovery.MeshApi;
import dev.weft.loop.Clock;
import dev.weft.provision.ProvisionSettings;
import dev.weft.provision.kube.Provisioner;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the mesh's objects in the clusters, while this replica leads. */
final class Provisioning implements Leadership.Work {
  private static final Logger log = LoggerFactory.getLogger(Provisioning.class);

  private final MeshApi mesh;
  private final Ingest ingest;
  private final CurrentAuthority authority;
  private final ProvisionSettings settings;
  private final Complaints complaints;
  private final Clock clock;

  /**
   * @param complaints learns of what could not be written
   */
  Provisioning(
      MeshApi mesh,
      Ingest ingest,
      CurrentAuthority authority,
      ProvisionSettings settings,
      Complaints complaints,
      Clock clock) {
    this.mesh = mesh;
    this.ingest = ingest;
    this.authority = authority;
    this.settings = settings;
    this.complaints = complaints;
    this.clock = clock;
  }

  @Override
  public AutoCloseable begin() {
    Provisioner provisioner =
        new Provisioner(mesh.api(), mesh.clusters()::api, settings, new Random(), clock);
    complaints.from(provisioner);
    Latest latest = new Latest(provisioner, authority.get());
    AutoCloseable config = ingest.subscribeConfig(latest::config);
    AutoCloseable roots = authority.onChange(latest::roots);
    return () -> {
      config.close();
      roots.close();
      complaints.from(null);
      provisioner.close();
      log.debug("provisioning has ended");
    };
  }

  /** Two sources, one picture. Thread-safe. */
  private static final class Latest {
    private final Provisioner provisioner;
    private CertificateAuthority authority;
    private @Nullable ConfigSet config;

    Latest(Provisioner provisioner, CertificateAuthority authority) {
      this.provisioner = provisioner;
      this.authority = authority;
    }

    synchronized void config(ConfigSet next) {
      config = next;
      update();
    }

    synchronized void roots(CertificateAuthority next) {
      authority = next;
      update();
    }

    private void update() {
      if (config != null) {
        provisioner.update(config, Pem.of(authority.roots()));
      }
    }
  }
}
