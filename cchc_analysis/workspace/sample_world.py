"""The world a made-up office lives in: its days, its procedures, its people.

The simulation does not reckon in dates. It reckons in *worked minutes*: minute 0 is 07:30 of the
first working day, minute 450 is 07:30 of the next one, and nights, weekends and public holidays do
not exist. Queues, absences and deadlines are then plain integer arithmetic, and only what is
written into a file is turned back into dates. The days off are listed here rather than asked of a
package, and every draw is a product and a sum of ``random()``, so that a seed gives the same office
on every machine and every Python.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import TypeVar

__all__ = [
    "CATALOGUE", "DAY", "THREE_PM", "Clock", "Procedure", "Quarter", "Staff", "person", "pick",
    "skew",
]  # fmt: skip

T = TypeVar("T")

DAY = 450  # worked minutes: 7:30–11:30 and 13:30–17:00
THREE_PM = 330
MORNING = 240

DAYS_OFF = frozenset(
    date(year, month, day)
    for year, month, days in (
        (2023, 1, (2, 20, 23, 24, 25, 26)), (2023, 5, (1, 2, 3)), (2023, 9, (1, 4)),
        (2024, 1, (1,)), (2024, 2, (8, 9, 12, 13, 14)), (2024, 4, (18, 29, 30)), (2024, 5, (1,)),
        (2024, 9, (2, 3)),
        (2025, 1, (1, 27, 28, 29, 30, 31)), (2025, 4, (7, 30)), (2025, 5, (1, 2)),
        (2025, 9, (1, 2)),
        (2026, 1, (1, 2)), (2026, 2, (16, 17, 18, 19, 20)), (2026, 4, (27, 30)), (2026, 5, (1,)),
        (2026, 8, (31,)), (2026, 9, (1, 2)), (2026, 11, (24,)),
        (2027, 1, (1,)), (2027, 2, (4, 5, 8, 9, 10)), (2027, 4, (16, 30)),
    )
    for day in days
)  # fmt: skip
WORKED_SATURDAYS = frozenset(
    {date(2024, 5, 4), date(2025, 4, 26), date(2026, 1, 10), date(2026, 8, 22)}
)
TET = (date(2023, 1, 20), date(2024, 2, 8), date(2025, 1, 27), date(2026, 2, 16), date(2027, 2, 4))


@dataclass(frozen=True)
class Quarter:
    """A calendar quarter, and the moment its exports are printed: the fifth day after it."""

    label: str
    start: date
    end: date
    exported_at: datetime

    @classmethod
    def parse(cls, label: str) -> Quarter:
        year, _, number = label.partition("-Q")
        if not (year.isdigit() and number in ("1", "2", "3", "4") and 2023 <= int(year) <= 2026):
            raise ValueError(
                f"a sample office knows the quarters 2023-Q1 to 2026-Q4, not {label!r}"
            )
        first = 3 * int(number) - 2
        start = date(int(year), first, 1)
        after = date(int(year) + first // 10, (first + 2) % 12 + 1, 1)
        return cls(
            label, start, after - timedelta(1), datetime.combine(after, time(8)) + timedelta(4)
        )

    @property
    def suffix(self) -> str:
        return f"{self.label[5:]}_{self.label[:4]}"


class Clock:
    """Worked minutes and dates, each turned into the other."""

    def __init__(self, first: date, last: date) -> None:
        span = ((first + timedelta(n)) for n in range((last - first).days + 1))
        self.days: list[date] = [day for day in span if self.is_worked(day)]

    @staticmethod
    def is_worked(day: date) -> bool:
        return day in WORKED_SATURDAYS or (day.weekday() < 5 and day not in DAYS_OFF)

    def index(self, day: date) -> int:
        """The number of the first working day that is not before ``day``."""
        return bisect_left(self.days, day)

    def minute(self, moment: datetime) -> int:
        """The first worked minute that is not before ``moment``."""
        index = self.index(moment.date())
        if self.days[index] != moment.date():
            return index * DAY
        since = moment.hour * 60 + moment.minute - 450
        since = min(since, MORNING) if since < MORNING + 120 else since - 120
        return index * DAY + max(0, min(since, DAY))

    def moment(self, minute: int) -> datetime:
        day, rest = divmod(minute, DAY)
        clock = 450 + rest if rest <= MORNING else 570 + rest
        return datetime.combine(self.days[day], time(clock // 60, clock % 60))

    def day_end(self, index: int) -> datetime:
        return datetime.combine(self.days[index], time(17))


@dataclass(frozen=True)
class Procedure:
    """``days`` is the legal limit (0: the same day); ``group`` the desk that handles it."""

    code: str
    name: str
    field: str
    days: int
    weight: float
    group: str
    minutes: int  # of an officer's time, with the interruptions of an office
    partner: str = ""
    fee: int = 0
    online: float = 0.55
    level: str = "toan_trinh"

    @property
    def same_day(self) -> bool:
        return self.days == 0


_LAND = "Chi nhánh Văn phòng Đăng ký đất đai"
_LABOUR = "Phòng Lao động - Thương binh và Xã hội"
CATALOGUE: tuple[Procedure, ...] = (
    Procedure("2.000815", "Chứng thực bản sao từ bản chính giấy tờ, văn bản do cơ quan, tổ chức có "
              "thẩm quyền của Việt Nam cấp hoặc chứng nhận", "Chứng thực", 0, 24, "chung_thuc", 18,
              fee=4000, online=0.45),
    Procedure("2.000884", "Chứng thực chữ ký trong các giấy tờ, văn bản", "Chứng thực", 0, 6,
              "chung_thuc", 18, fee=10000, online=0.3, level="mot_phan"),
    Procedure("2.000635", "Cấp bản sao Trích lục hộ tịch, bản sao Giấy khai sinh", "Hộ tịch", 0, 8,
              "chung_thuc", 18, fee=8000, online=0.6),
    Procedure("1.001193", "Thủ tục đăng ký khai sinh", "Hộ tịch", 1, 10, "ho_tich", 50, online=0.7),
    Procedure("1.000656", "Thủ tục đăng ký khai tử", "Hộ tịch", 1, 5, "ho_tich", 45, online=0.6),
    Procedure("1.000894", "Thủ tục đăng ký kết hôn", "Hộ tịch", 1, 4, "ho_tich", 60, online=0.4,
              level="mot_phan"),
    Procedure("1.004873", "Thủ tục cấp Giấy xác nhận tình trạng hôn nhân", "Hộ tịch", 3, 9,
              "ho_tich", 50, fee=15000, online=0.65),
    Procedure("1.001022", "Thủ tục đăng ký nhận cha, mẹ, con", "Hộ tịch", 3, 2, "ho_tich", 80,
              online=0.3, level="mot_phan"),
    Procedure("1.004859", "Thủ tục thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại "
              "dân tộc", "Hộ tịch", 3, 3, "ho_tich", 70, fee=15000, online=0.5),
    Procedure("1.004884", "Thủ tục đăng ký lại khai sinh", "Hộ tịch", 5, 4, "ho_tich", 70,
              fee=8000, online=0.5),
    Procedure("1.001653", "Đổi, cấp lại Giấy xác nhận khuyết tật", "Bảo trợ xã hội", 5, 3, "xa_hoi",
              60),
    Procedure("1.001731", "Hỗ trợ chi phí mai táng cho đối tượng bảo trợ xã hội", "Bảo trợ xã hội",
              5, 2, "xa_hoi", 60),
    Procedure("1.001699", "Xác định, xác định lại mức độ khuyết tật và cấp Giấy xác nhận khuyết "
              "tật", "Bảo trợ xã hội", 25, 3, "xa_hoi", 110, online=0.35, level="mot_phan"),
    Procedure("1.001776", "Thực hiện, điều chỉnh, thôi hưởng trợ cấp xã hội hằng tháng, hỗ trợ "
              "kinh phí chăm sóc, nuôi dưỡng hằng tháng", "Bảo trợ xã hội", 22, 4, "xa_hoi", 90,
              partner=_LABOUR),
    Procedure("1.011607", "Công nhận hộ nghèo, hộ cận nghèo thường xuyên hằng năm", "Giảm nghèo",
              15, 3, "xa_hoi", 100, online=0.3, level="mot_phan"),
    Procedure("1.010833", "Cấp giấy xác nhận thân nhân của người có công", "Người có công", 3, 3,
              "xa_hoi", 50),
    Procedure("1.010803", "Giải quyết trợ cấp thờ cúng liệt sĩ", "Người có công", 12, 2, "xa_hoi",
              80, partner=_LABOUR),
    Procedure("1.004227", "Đăng ký biến động về sử dụng đất, tài sản gắn liền với đất", "Đất đai",
              10, 6, "dia_chinh", 100, partner=_LAND, fee=30000, online=0.45, level="mot_phan"),
    Procedure("1.004199", "Cấp đổi Giấy chứng nhận quyền sử dụng đất, quyền sở hữu nhà ở và tài "
              "sản khác gắn liền với đất", "Đất đai", 7, 5, "dia_chinh", 90, partner=_LAND,
              fee=50000, online=0.45, level="mot_phan"),
    Procedure("1.012796", "Đính chính Giấy chứng nhận đã cấp lần đầu có sai sót", "Đất đai", 8, 2,
              "dia_chinh", 80, level="mot_phan"),
    Procedure("1.003554", "Hòa giải tranh chấp đất đai", "Đất đai", 30, 2, "dia_chinh", 200,
              online=0.05, level=""),
    Procedure("1.000954", "Xét tặng danh hiệu Gia đình văn hóa hằng năm", "Văn hóa", 5, 2,
              "van_phong", 60),
    Procedure("1.003622", "Thông báo tổ chức lễ hội cấp xã", "Văn hóa", 20, 1, "van_phong", 90),
    Procedure("2.002409", "Giải quyết khiếu nại lần đầu tại cấp xã", "Giải quyết khiếu nại", 22, 1,
              "van_phong", 240, online=0.05, level=""),
)  # fmt: skip
GROUPS: dict[str, int] = {
    "chung_thuc": 1, "ho_tich": 2, "xa_hoi": 2, "dia_chinh": 2, "van_phong": 1,
}  # fmt: skip

FAMILY = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô",
    "Dương", "Lý", "Trịnh", "Mai", "Lưu", "Cao",
)  # fmt: skip
MIDDLE = (
    "Văn", "Thị", "Minh", "Thanh", "Ngọc", "Hữu", "Đức", "Quốc", "Xuân", "Thu", "Đình", "Gia",
)  # fmt: skip
GIVEN = (
    "An", "Bình", "Châu", "Cường", "Dung", "Duy", "Giang", "Hà", "Hải", "Hạnh", "Hiếu", "Hòa",
    "Hùng", "Hương", "Khánh", "Lan", "Linh", "Long", "Mai", "Nam", "Nga", "Oanh", "Phúc", "Phương",
    "Quang", "Sơn", "Tâm", "Thảo", "Thủy", "Trang", "Tuấn", "Tú", "Vinh", "Yến",
)  # fmt: skip


def pick(rng: Random, items: Sequence[T], weights: Sequence[float] | None = None) -> T:
    """One of ``items``, by a single draw."""
    if weights is None:
        return items[int(rng.random() * len(items))]
    left = rng.random() * sum(weights)
    for item, weight in zip(items, weights, strict=True):
        left -= weight
        if left < 0:
            return item
    return items[-1]


def skew(u: float) -> float:
    """A right-skewed quantile of mean 1 between 0.44 and 2.22, exact in IEEE arithmetic."""
    square = u * u
    return (0.4 + 0.6 * u + square * square) / 0.9


def person(rng: Random) -> str:
    return f"{pick(rng, FAMILY)} {pick(rng, MIDDLE)} {pick(rng, GIVEN)}"


class Staff:
    """Officers by desk, each with a taste for some procedures, and who signs."""

    def __init__(
        self, rng: Random, per_quarter: int, catalogue: Sequence[Procedure] = CATALOGUE
    ) -> None:
        self.catalogue = tuple(catalogue)
        scale = per_quarter / 600
        self.names: list[str] = []
        self.desks: dict[str, list[int]] = {}
        for group, base in GROUPS.items():
            self.desks[group] = []
            for _ in range(max(base, round(base * scale))):
                name = person(rng)
                while name in self.names:
                    name = f"{name} {pick(rng, GIVEN)}"
                self.desks[group].append(len(self.names))
                self.names.append(name)
        self.signers = max(1, round(per_quarter / 3000))
        self._taste = {
            procedure.code: [0.6 + 0.8 * rng.random() for _ in self.desks[procedure.group]]
            for procedure in CATALOGUE
        }

    def officer(self, rng: Random, procedure: Procedure) -> int:
        return pick(rng, self.desks[procedure.group], self._taste[procedure.code])

    def signature(self, lane: int) -> str:
        """Lane 0, 1, … is the chairman's and his like; -1, -2, … the deputy's."""
        title = "Chủ tịch UBND xã" if lane >= 0 else "Phó Chủ tịch UBND xã"
        number = lane + 1 if lane >= 0 else -lane
        return title if number == 1 else f"{title} {number}"
