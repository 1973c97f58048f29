/**
 * What the console's HTTP API says, record by record: JSON has the same names and order. The front
 * end's types are made of these ({@code TypeScriptTest}). Times are ISO instants, empty where there
 * is none; rates are per second; shares are between 0 and 1.
 */
@NullMarked
package dev.weft.console.api;

import org.jspecify.annotations.NullMarked;
