package dev.weft.cli.certs;

import dev.weft.ca.CaProfile.KeyKind;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Kinds of keys as people write them. */
final class KeyKinds implements ITypeConverter<KeyKind> {
  @Override
  public KeyKind convert(String text) {
    return switch (text) {
      case "rsa-4096", "rsa" -> KeyKind.RSA_4096;
      case "ecdsa-p256", "ecdsa" -> KeyKind.ECDSA_P256;
      default -> throw new TypeConversionException("'" + text + "' is not rsa-4096 or ecdsa-p256");
    };
  }
}
