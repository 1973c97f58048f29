/** What member clusters held when they were last read, on disk. */
@NullMarked
package dev.weft.control.lastknown;

import org.jspecify.annotations.NullMarked;
