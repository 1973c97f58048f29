package dev.weft.apiserver;

/**
 * Which objects of a type are meant, as the query parameters of a list say it.
 *
 * @param labels a label selector such as {@code app=web,tier in (a,b)}; empty selects all
 * @param fields a field selector such as {@code metadata.name=x}; empty selects all
 */
public record Selector(String labels, String fields) {
  public static final Selector ALL = new Selector("", "");

  public static Selector labels(String labels) {
    return new Selector(labels, "");
  }

  public static Selector fields(String fields) {
    return new Selector("", fields);
  }
}
