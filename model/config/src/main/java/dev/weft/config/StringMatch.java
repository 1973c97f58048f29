package dev.weft.config;

/** How a string is compared. */
public sealed interface StringMatch {
  record Exact(String value) implements StringMatch {}

  record Prefix(String value) implements StringMatch {}

  /** RE2 syntax, over the whole string; checked when parsed. */
  record Regex(String value) implements StringMatch {}

  /** There, with any value. */
  record Present() implements StringMatch {}
}
