/**
 * The API: {@code cairn.dev/v1alpha1}. These types are all that users write and read. The build fails if the CRD YAML
 * differs from them. This command writes it:
 *
 * <pre>./mvnw -q -pl e2e -am test -Dcairn.write -Dtest=CrdYamlTest,ChartTest,JobManifestTest</pre>
 */
@NullMarked
package dev.cairn.crds;

import org.jspecify.annotations.NullMarked;
