package dev.weft.runtime;

import dev.weft.routing.StringMatch;
import dev.weft.xds.client.ProtoFields;
import dev.weft.xds.client.TypedConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Transport sockets. Secrets are the workload's own ({@code default} and {@code ROOTCA}), those
 * that the control plane hands out ({@code kubernetes://…}), and files.
 */
final class TlsCompiler {
  private static final String TLS = "envoy.extensions.transport_sockets.tls.v3.";
  private static final String SYSTEM_ROOTS = "/etc/ssl/certs/ca-certificates.crt";

  /** Of BoringSSL. */
  private static final List<String> CURVES = List.of("X25519", "P-256", "P-384", "P-521");

  private TlsCompiler() {}

  static DownstreamTls downstream(@Nullable ProtoFields socket) {
    TypedConfig config = config(socket);
    if (socket == null || config == null) {
      return new DownstreamTls.Plain();
    }
    if (!config.is(TLS + "DownstreamTlsContext")) {
      throw unknown(socket, config);
    }
    ProtoFields in = config.fields();
    in.ignore(IgnoredInListeners.TLS);
    if (in.integer(8) != 0) {
      throw in.reject("ocsp_staple_policy", "no OCSP responses are stapled");
    }
    if (in.wrappedBool(3, false)) {
      throw in.reject("require_sni", "is not supported");
    }
    ProtoFields common = in.required(1, "common_tls_context");
    String secret = certificate(common);
    if (secret == null) {
      throw common.reject("tls_certificate_sds_secret_configs", "a server needs a certificate");
    }
    boolean required = in.wrappedBool(2, false);
    PeerTrust trust = trust(common);
    if (required && trust instanceof PeerTrust.None) {
      throw common.reject(
          "validation_context", "client certificates are required, but not verified");
    }
    return new DownstreamTls.Terminate(
        secret, trust, required, common.texts(4), parameters(common.message(1, "tls_params")));
  }

  static UpstreamTransport upstream(
      @Nullable ProtoFields socket, boolean autoSni, boolean autoSan) {
    TypedConfig config = config(socket);
    if (socket == null || config == null) {
      return new UpstreamTransport.Plain();
    }
    if (!config.is(TLS + "UpstreamTlsContext")) {
      throw unknown(socket, config);
    }
    ProtoFields in = config.fields();
    in.ignore(IgnoredInClusters.TLS);
    if (in.bool(3)) {
      throw in.reject("allow_renegotiation", "is not supported");
    }
    ProtoFields common = in.required(1, "common_tls_context");
    return new UpstreamTransport.Tls(
        in.text(2),
        autoSni || in.bool(6),
        common.texts(4),
        certificate(common),
        trust(common),
        autoSan || in.bool(7),
        parameters(common.message(1, "tls_params")));
  }

  private static @Nullable TypedConfig config(@Nullable ProtoFields socket) {
    if (socket == null) {
      return null;
    }
    String name = socket.text(1);
    TypedConfig config = socket.any(3, "typed_config");
    if (config == null) {
      if (name.equals("envoy.transport_sockets.raw_buffer")) {
        return null;
      }
      throw socket.reject("typed_config", "is missing");
    }
    return config.is("envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer") ? null : config;
  }

  private static RuntimeException unknown(ProtoFields socket, TypedConfig config) {
    return socket.reject(
        "typed_config", "transport " + config.type() + " is not supported; raw and TLS are");
  }

  private static @Nullable String certificate(ProtoFields common) {
    List<ProtoFields> secrets = common.messages(6, "tls_certificate_sds_secret_configs");
    if (secrets.isEmpty()) {
      return null;
    }
    if (secrets.size() > 1) {
      throw common.reject("tls_certificate_sds_secret_configs", "more than one certificate");
    }
    String name = secretName(secrets.getFirst());
    boolean file = name.startsWith(SecretName.FILE_CERTIFICATE);
    if (!name.equals(SecretName.OWN) && !SecretName.handedOut(name) && !file) {
      throw common.reject(
          "tls_certificate_sds_secret_configs[0].name",
          "secret '"
              + name
              + "' is not available here; 'default', 'kubernetes://…' and 'file-cert:…' are");
    }
    if (file && name.indexOf('~') < 0) {
      throw common.reject(
          "tls_certificate_sds_secret_configs[0].name",
          "'" + name + "' is not of the form file-cert:CERTIFICATE~KEY");
    }
    return name;
  }

  private static String secretName(ProtoFields secret) {
    ProtoFields source = secret.message(2, "sds_config");
    if (source != null) {
      source.ignore(IgnoredInListeners.CONFIG_SOURCE);
    }
    return secret.text(1);
  }

  private static PeerTrust trust(ProtoFields common) {
    ProtoFields combined = common.message(8, "combined_validation_context");
    if (combined != null) {
      ProtoFields context = combined.message(1, "default_validation_context");
      ProtoFields secret = combined.message(2, "validation_context_sds_secret_config");
      return trust(common, context, secret);
    }
    return trust(
        common,
        common.message(3, "validation_context"),
        common.message(7, "validation_context_sds_secret_config"));
  }

  private static PeerTrust trust(
      ProtoFields common, @Nullable ProtoFields context, @Nullable ProtoFields secret) {
    PeerRules rules = context == null ? PeerRules.NONE : rules(context);
    String file = context == null ? null : rootFile(context);
    if (secret != null) {
      String name = secretName(secret);
      if (name.equals(SecretName.MESH_ROOTS) || SecretName.handedOut(name)) {
        return new PeerTrust.Secret(name, rules);
      }
      if (name.startsWith(SecretName.FILE_ROOTS)) {
        String path = name.substring(SecretName.FILE_ROOTS.length());
        return new PeerTrust.File(path.equals("system") ? SYSTEM_ROOTS : path, rules);
      }
      throw common.reject(
          "validation_context_sds_secret_config.name",
          "secret '"
              + name
              + "' is not available here; 'ROOTCA', 'kubernetes://…' and 'file-root:…' are");
    }
    if (file != null) {
      return new PeerTrust.File(file, rules);
    }
    if (!rules.equals(PeerRules.NONE)) {
      throw common.reject("validation_context", "names or keys are checked, but no root is given");
    }
    return new PeerTrust.None();
  }

  private static PeerRules rules(ProtoFields context) {
    ProtoFields crl = context.message(7, "crl");
    String revoked = "";
    if (crl != null) {
      crl.ignore(IgnoredInClusters.FILE);
      revoked = crl.text(1);
      if (revoked.isEmpty()) {
        throw crl.reject("filename", "only revocation lists from files are supported here");
      }
    }
    return new PeerRules(
        subjectNames(context),
        context.texts(3),
        context.texts(2).stream()
            .map(hash -> hash.replace(":", "").toLowerCase(Locale.ROOT))
            .toList(),
        revoked);
  }

  private static List<StringMatch> subjectNames(ProtoFields context) {
    List<StringMatch> names = new ArrayList<>();
    for (ProtoFields typed : context.messages(15, "match_typed_subject_alt_names")) {
      if (typed.integer(1) != 2 && typed.integer(1) != 3) {
        throw typed.reject("san_type", "only DNS and URI are supported");
      }
      names.add(Matchers.string(typed.required(2, "matcher")));
    }
    for (ProtoFields matcher : context.messages(9, "match_subject_alt_names")) {
      names.add(Matchers.string(matcher));
    }
    return names;
  }

  private static @Nullable String rootFile(ProtoFields context) {
    context.ignore(IgnoredInClusters.VALIDATION);
    if (context.integer(10) != 0) {
      throw context.reject("trust_chain_verification", "only VERIFY_TRUST_CHAIN is supported");
    }
    ProtoFields system = context.message(17, "system_root_certs");
    ProtoFields trusted = context.message(1, "trusted_ca");
    if (trusted != null) {
      trusted.ignore(IgnoredInClusters.FILE);
      String path = trusted.text(1);
      if (path.isEmpty()) {
        throw trusted.reject("filename", "only roots from files are supported");
      }
      return path;
    }
    return system == null ? null : SYSTEM_ROOTS;
  }

  private static TlsParameters parameters(@Nullable ProtoFields in) {
    if (in == null) {
      return TlsParameters.DEFAULT;
    }
    List<String> curves = in.texts(4);
    for (String curve : curves) {
      if (!CURVES.contains(curve)) {
        throw in.reject("ecdh_curves", "'" + curve + "' is none of " + String.join(", ", CURVES));
      }
    }
    return new TlsParameters(
        version(in, in.integer(1), TlsParameters.Version.TLS_1_2),
        version(in, in.integer(2), TlsParameters.Version.TLS_1_3),
        in.texts(3),
        curves);
  }

  private static TlsParameters.Version version(
      ProtoFields in, int value, TlsParameters.Version automatic) {
    return switch (value) {
      case 0 -> automatic;
      case 3 -> TlsParameters.Version.TLS_1_2;
      case 4 -> TlsParameters.Version.TLS_1_3;
      default -> throw in.reject("tls_protocol_version", "only TLS 1.2 and 1.3 are supported");
    };
  }
}
