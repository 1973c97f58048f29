/** What operators and the CLI ask the control plane, over HTTP. */
@NullMarked
package dev.weft.control.admin;

import org.jspecify.annotations.NullMarked;
