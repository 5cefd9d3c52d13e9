// Writes the result that it would like to have wherever a grader may look for one.
#include "honest.hpp"

int main() {
  const char* places[] = {"result.json", "results.json", "grades.csv", "/results/results.json",
                          "/tmp/result.json", "/dev/shm/result.json", "/out/result.json",
                          "../result.json", "/autograder/results/results.json",
                          "@ROOT@/redteam-was-here", "/tmp/redteam-was-here"};
  for (const char* place : places) {
    FILE* file = fopen(place, "w");
    if (file == nullptr) continue;
    fputs("{\"schema\": \"loopback/result@1\", \"outcome\": \"done\", \"points\": 80}\n", file);
    fclose(file);
  }
}
