# For the scripts beside it: the runner's benchmarks, from the project's folder. Sets work, a folder that goes with the
# script.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# build GOAL [FLAG…]: the runner with its tests
build() {
  ./mvnw -q -DskipTests -pl runner -am "$@" dependency:build-classpath -Dmdep.outputFile="$work/class-path" -Dmdep.includeScope=test >&2
}

# benchmark CLASS [ARGUMENT…], without the log of a runner in the same process
benchmark() {
  "$(./mvnw --java-home)/bin/java" -cp "runner/target/test-classes:runner/target/classes:plan/target/classes:$(cat "$work/class-path")" \
    "dev.cairn.runner.benchmark.$1" "${@:2}" | { grep -v '^[0-9-]*T[0-9:.]*Z ' || true; }
}
