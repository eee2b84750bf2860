"""What a service of an HSDS package says of itself in words, tables and terms, put into the cells of our columns."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from fieldref.guide import meanings
from fieldref.guide.datapackage import Raw
from fieldref.vocabulary import NEEDS, codes

Row = Mapping[str, str]
KEPT = ("id", "organization_id", "name", "description", "alert", "status", "assured_date")
OURS = ("nationality", "confidential", "assurer", "valid_from", "valid_to")


class Facts:
    """The cells of services. `unclear` counts the terms and prices (by field and words) that have no code here."""

    def __init__(self, raw: Raw, languages: Mapping[str, list[dict[str, str]]]) -> None:
        self._languages = languages
        self._documents = _by(raw, "required_document", "service_id")
        self._prices = _by(raw, "cost_option", "service_id")
        self._attributes = _by(raw, "attribute", "link_id")
        self._terms = {row.get("id", ""): row for row in raw.get("taxonomy_term", [])}
        self.unclear: Counter[tuple[str, str]] = Counter()

    def service(self, row: Row) -> dict[str, str]:
        """The row of services.csv for *row*; a column of ours that it has is believed before anything else."""
        said = {
            "needs": self._needs,
            "eligibility": self._eligibility,
            "access": lambda row: row.get("application_process", ""),
            "documents": self._papers,
            "cost": self._cost,
            "languages": self._spoken,
        }
        cells = {column: row.get(column, "") for column in (*KEPT, *OURS)}
        cells |= {column: row[column] if column in row else find(row) for column, find in said.items()}
        # Beside words for the way in, this column once said whether referrals are taken.
        return cells | ({"application_process": row["application_process"]} if "access" in row else {})

    def _needs(self, row: Row) -> str:
        found: dict[str, None] = {}
        for term in self._terms_of(row, eligibility=False):
            need = self._need(term)
            if need:
                found[need] = None
            else:
                self.unclear["needs", term.get("name") or term.get("code", "")] += 1
        return ";".join(found)

    def _need(self, term: Row) -> str:
        """The need that a term, or one that it is a part of, means."""
        seen: set[str] = set()
        while term and term.get("id", "") not in seen:
            if term.get("code") in codes(*NEEDS):
                return term["code"]
            if found := meanings.need(term.get("name", "")):
                return found
            seen.add(term.get("id", ""))
            term = self._terms.get(term.get("parent_id", ""), {})
        return ""

    def _eligibility(self, row: Row) -> str:
        terms = [term.get("name") or term.get("code", "") for term in self._terms_of(row, eligibility=True)]
        return ";".join(filter(None, (row.get("eligibility_description"), meanings.ages(row), *terms))) or "unsaid"

    def _papers(self, row: Row) -> str:
        return ";".join(each.get("document", "") for each in self._documents[row.get("id", "")])

    def _cost(self, row: Row) -> str:
        prices = [each.get("amount", "") for each in self._prices[row.get("id", "")]]
        described = row.get("fees_description", "")
        found = meanings.cost(described, prices)
        if described and not found:
            self.unclear["cost", described] += 1
        return found

    def _spoken(self, row: Row) -> str:
        rows = self._languages.get(row.get("id", ""), [])
        return ";".join(meanings.language(each.get("code", ""), each.get("name", "")) for each in rows)

    def _terms_of(self, row: Row, *, eligibility: bool) -> Iterator[Row]:
        for each in self._attributes[row.get("id", "")]:
            term = self._terms.get(each.get("taxonomy_term_id", ""))
            if term and ("eligib" in each.get("link_type", "").lower()) == eligibility:
                yield term


def _by(raw: Raw, table: str, column: str) -> defaultdict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in raw.get(table, []):
        found[row.get(column, "")].append(row)
    return found
