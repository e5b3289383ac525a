#!/bin/sh
# Writes DIR/ratings.csv (data/movielens-2016) from the MovieLens data set in Debian's r-cran-dslabs, for machines that
# cannot download GroupLens' own, which `tardigrad data fetch movielens` gets. It is an earlier edition: 100,004
# ratings by 671 users of 9,066 films (October 2016) instead of 100,836 by 610 of 9,724 (September 2018).
# Then: tardigrad run scenarios/movielens.toml --set data.root=data/movielens-2016
set -eu
out="${1:-$(dirname "$0")/../data/movielens-2016}"

if ! Rscript -e 'library(dslabs)' >/dev/null 2>&1; then
  echo "needs r-cran-dslabs: apt-get install --no-install-recommends r-cran-dslabs" >&2
  exit 1
fi
if [ -e "$out/ratings.csv" ]; then
  echo "$out/ratings.csv is there already" >&2
  exit 1
fi
mkdir -p "$out"
unfinished="$out/.ratings.csv.$$"
trap 'rm -f "$unfinished"' EXIT
Rscript --vanilla - "$unfinished" <<'R'
ratings <- dslabs::movielens[c("userId", "movieId", "rating", "timestamp")]
ratings <- ratings[order(ratings$userId, ratings$movieId), ]
ratings$rating <- sprintf("%.1f", ratings$rating)
write.csv(ratings, commandArgs(trailingOnly = TRUE)[1], quote = FALSE, row.names = FALSE)
R
mv "$unfinished" "$out/ratings.csv"
echo "$out/ratings.csv: $(($(wc -l < "$out/ratings.csv") - 1)) ratings"
