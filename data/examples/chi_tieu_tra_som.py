"""Ví dụ: một chỉ tiêu riêng của đơn vị – tỷ lệ hồ sơ trả sớm từ 2 ngày làm việc trở lên.

Muốn dùng: bỏ dấu gạch dưới ở đầu tên tệp, sửa mã, tên và cách tính. Chỉ tiêu có ngay trong báo cáo,
trong indicators.json, trong lệnh cchc trace, kèm kỳ trước, cùng kỳ năm trước và lũy kế. Muốn đặt
mục tiêu: thêm một dòng vào targets.csv của kế hoạch, cột indicator ghi đúng mã dưới đây.
"""

from cchc_analysis import extend


@extend.indicator(
    "own.tra_som_rate",
    label="Tỷ lệ hồ sơ trả sớm từ 2 ngày làm việc",
    definition="Hồ sơ có kết quả trước ngày hẹn trả ít nhất 2 ngày làm việc, chia cho hồ sơ đã "
    "giải quyết có ngày hẹn trả.",
)
def tra_som(q):
    hồ_sơ = q.dossiers  # bảng pandas, mỗi dòng một hồ sơ; các cột: xem từ điển dữ liệu
    đã_xong = hồ_sơ["resolved"] & hồ_sơ["due_on"].notna()
    số_ngày_sớm = q.calendar.between_many(hồ_sơ["ended_on"], hồ_sơ["due_on"])
    return đã_xong & (số_ngày_sớm >= 2), đã_xong  # tử số, mẫu số
