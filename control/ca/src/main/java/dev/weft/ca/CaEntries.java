package dev.weft.ca;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * PEM texts by entry name, as a CA secret holds them. Printing shows the names alone.
 *
 * @param pem entry name, for example {@code ca-key.pem}, to PEM text
 */
public record CaEntries(SortedMap<String, String> pem) {
  public static final String CERT = "ca-cert.pem";
  public static final String KEY = "ca-key.pem";
  public static final String CHAIN = "cert-chain.pem";
  public static final String ROOT = "root-cert.pem";

  public CaEntries {
    pem = Collections.unmodifiableSortedMap(new TreeMap<>(pem));
  }

  public static CaEntries of(Map<String, String> pem) {
    return new CaEntries(new TreeMap<>(pem));
  }

  @Override
  public String toString() {
    return "CaEntries" + pem.keySet();
  }
}
