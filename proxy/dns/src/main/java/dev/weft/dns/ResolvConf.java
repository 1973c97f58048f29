package dev.weft.dns;

import dev.weft.routing.IpLiteral;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What {@code /etc/resolv.conf} says.
 *
 * @param nameservers IP addresses
 * @param search domains in lower case without a final dot
 */
public record ResolvConf(List<String> nameservers, List<String> search) {
  public ResolvConf {
    nameservers = List.copyOf(nameservers);
    search = List.copyOf(search);
  }

  /** Reads a file; a missing one says nothing. */
  public static ResolvConf read(Path file) {
    try {
      return parse(Files.readString(file));
    } catch (IOException e) {
      return new ResolvConf(List.of(), List.of());
    }
  }

  static ResolvConf parse(String text) {
    List<String> nameservers = new ArrayList<>();
    List<String> search = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      String[] words = line.strip().split("\\s+");
      switch (words[0]) {
        case "nameserver" -> {
          if (words.length > 1 && IpLiteral.is(words[1])) {
            nameservers.add(words[1]);
          }
        }
        case "search", "domain" -> {
          search.clear();
          for (int i = 1; i < words.length; i++) {
            String domain = words[i].toLowerCase(Locale.ROOT);
            search.add(domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain);
          }
        }
        default -> {}
      }
    }
    return new ResolvConf(nameservers, search);
  }
}
