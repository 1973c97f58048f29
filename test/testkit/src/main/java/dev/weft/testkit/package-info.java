/** What tests of all modules need. */
@NullMarked
package dev.weft.testkit;

import org.jspecify.annotations.NullMarked;
