/** What Istio's command line asks of a control plane, in the forms that it reads. */
@NullMarked
package dev.weft.control.tool;

import org.jspecify.annotations.NullMarked;
