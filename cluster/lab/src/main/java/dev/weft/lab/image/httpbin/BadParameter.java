package dev.weft.lab.image.httpbin;

import dev.weft.lab.image.http.HttpRequest;

/** The client's mistake, with the status that it is answered with. */
final class BadParameter extends Exception {
  private static final long serialVersionUID = 1;

  private final int status;

  BadParameter(int status, String message) {
    super(message);
    this.status = status;
  }

  int status() {
    return status;
  }

  /** A part of the path that has to be a number; there is no such page where it is none. */
  static int number(String name, String text) throws BadParameter {
    try {
      int number = Integer.parseInt(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new BadParameter(404, name + " has to be a number below 2^31.\n");
    }
    throw new BadParameter(404, name + " must not be negative.\n");
  }

  static double decimal(String name, String text) throws BadParameter {
    try {
      double number = Double.parseDouble(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new BadParameter(400, name + " has to be a number.\n");
    }
    throw new BadParameter(400, name + " must not be negative.\n");
  }

  static int parameter(HttpRequest request, String name, int fallback) throws BadParameter {
    var text = request.parameter(name);
    if (text.isEmpty()) {
      return fallback;
    }
    try {
      return Integer.parseInt(text.get());
    } catch (NumberFormatException e) {
      throw new BadParameter(400, "The parameter " + name + " has to be a number below 2^31.\n");
    }
  }

  static double parameter(HttpRequest request, String name, double fallback) throws BadParameter {
    var text = request.parameter(name);
    return text.isEmpty() ? fallback : decimal("The parameter " + name, text.get());
  }
}
