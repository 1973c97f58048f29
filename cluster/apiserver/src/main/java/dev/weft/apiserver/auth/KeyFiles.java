package dev.weft.apiserver.auth;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** The keys of one server, kept in its directory, readable for the owner only. */
public final class KeyFiles {
  private static final String OWNER_ONLY = "rw-------";

  private final Path directory;
  private final SecureRandom random = new SecureRandom();
  private final KeyPair caKey;
  private final X509Certificate ca;
  private final KeyPair tokenKey;
  private final String adminToken;

  public KeyFiles(Path directory, String cluster) throws IOException {
    this.directory = directory;
    Files.createDirectories(directory);
    try {
      caKey = keyPair("ca");
      Path certificate = directory.resolve("ca.crt");
      if (!Files.exists(certificate)) {
        write(certificate, pem("CERTIFICATE", selfSigned(cluster).getEncoded()));
      }
      ca = certificate(Files.readString(certificate));
      tokenKey = keyPair("service-account");
      Path token = directory.resolve("admin.token");
      if (!Files.exists(token)) {
        byte[] bytes = new byte[24];
        random.nextBytes(bytes);
        write(token, HexFormat.of().formatHex(bytes));
      }
      adminToken = Files.readString(token).strip();
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IOException(
          "cannot make or read the keys in " + directory + ": " + e.getMessage(), e);
    }
  }

  public String caCertificatePem() {
    try {
      return pem("CERTIFICATE", ca.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public KeyPair tokenKey() {
    return tokenKey;
  }

  public String adminToken() {
    return adminToken;
  }

  /** A server context with a new certificate for these names. */
  public SSLContext serverContext(String commonName, List<String> names) throws IOException {
    try {
      KeyPair key = generate();
      X509Certificate certificate = serving(commonName, names, key);
      java.security.KeyStore store = java.security.KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          "serving", key.getPrivate(), new char[0], new X509Certificate[] {certificate, ca});
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, new char[0]);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, random);
      return context;
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IOException("cannot make a serving certificate: " + e.getMessage(), e);
    }
  }

  /** The key in {@code name.key} and {@code name.pub}, made where it is missing. */
  private KeyPair keyPair(String name) throws IOException, GeneralSecurityException {
    Path privatePath = directory.resolve(name + ".key");
    Path publicPath = directory.resolve(name + ".pub");
    if (!Files.exists(privatePath) || !Files.exists(publicPath)) {
      Files.deleteIfExists(privatePath);
      Files.deleteIfExists(publicPath);
      KeyPair made = generate();
      write(publicPath, pem("PUBLIC KEY", made.getPublic().getEncoded()));
      write(privatePath, pem("PRIVATE KEY", made.getPrivate().getEncoded()));
    }
    KeyFactory factory = KeyFactory.getInstance("EC");
    ECPrivateKey privateKey =
        (ECPrivateKey)
            factory.generatePrivate(new PKCS8EncodedKeySpec(der(Files.readString(privatePath))));
    return new KeyPair(
        factory.generatePublic(new X509EncodedKeySpec(der(Files.readString(publicPath)))),
        privateKey);
  }

  private KeyPair generate() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), random);
    return generator.generateKeyPair();
  }

  private X509Certificate selfSigned(String cluster)
      throws GeneralSecurityException, CertIOException, OperatorCreationException {
    JcaX509v3CertificateBuilder builder =
        builder(new X500Name("CN=" + cluster + "-ca,O=weft"), cluster + "-ca", caKey, 3650);
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    builder.addExtension(
        Extension.keyUsage,
        true,
        new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign | KeyUsage.digitalSignature));
    return sign(builder, caKey.getPrivate());
  }

  private X509Certificate serving(String commonName, List<String> names, KeyPair key)
      throws GeneralSecurityException, CertIOException, OperatorCreationException {
    JcaX509v3CertificateBuilder builder =
        builder(
            X500Name.getInstance(ca.getSubjectX500Principal().getEncoded()), commonName, key, 825);
    List<GeneralName> alternatives = new ArrayList<>();
    for (String name : names) {
      boolean address = name.contains(":") || name.matches("\\d+(\\.\\d+){3}");
      alternatives.add(
          new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name));
    }
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(alternatives.toArray(GeneralName[]::new)));
    builder.addExtension(
        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    return sign(builder, caKey.getPrivate());
  }

  private JcaX509v3CertificateBuilder builder(
      X500Name issuer, String commonName, KeyPair key, int days) {
    Instant now = Instant.now();
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(127, random),
        // Clients whose clock is a little behind have to accept it too.
        Date.from(now.minus(1, ChronoUnit.HOURS)),
        Date.from(now.plus(days, ChronoUnit.DAYS)),
        new X500Name("CN=" + commonName + ",O=weft"),
        key.getPublic());
  }

  private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException, OperatorCreationException {
    return new JcaX509CertificateConverter()
        .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
  }

  private static X509Certificate certificate(String pem) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new java.io.ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
  }

  private static String pem(String type, byte[] der) {
    return "-----BEGIN "
        + type
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + type
        + "-----\n";
  }

  private static byte[] der(String pem) {
    return Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
  }

  /** Written whole or not at all, so that a crash leaves no half key. */
  private static void write(Path file, String text) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(draft);
    try {
      Files.createFile(
          draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
    } catch (FileAlreadyExistsException e) {
      throw new IOException(draft + " appeared while it was made: is another server starting?", e);
    }
    Files.writeString(draft, text);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
