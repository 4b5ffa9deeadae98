"""Ví dụ: một nguyên nhân quá hạn riêng của đơn vị – mưa bão, ngập lụt.

Muốn dùng: bỏ dấu gạch dưới ở đầu tên tệp, sửa những ngày dưới đây cho đúng. Hàm xem từng bước của
một hồ sơ quá hạn và cho biết mỗi bước mất bao nhiêu ngày làm việc vì nguyên nhân này, kèm căn cứ.
Bộ công cụ cân nguyên nhân này với các nguyên nhân khác: không có nó thì hồ sơ có kịp hạn không?
"""

from datetime import date

from cchc_analysis import extend

NGÀY_BÃO = [(date(2024, 9, 6), date(2024, 9, 13))]  # từ ngày, đến ngày


@extend.cause("mua_bao", label="Mưa bão, ngập lụt", form="E2")
def mưa_bão(hồ_sơ, các_bước):
    for bước in các_bước:
        for từ_ngày, đến_ngày in NGÀY_BÃO:
            số_ngày = bước.within(từ_ngày, đến_ngày)
            if số_ngày >= 1:
                căn_cứ = (
                    f"Bước {bước.stage or 'giải quyết'} gặp đợt mưa bão "
                    f"{từ_ngày:%d/%m/%Y} – {đến_ngày:%d/%m/%Y}."
                )
                yield bước.lost(số_ngày, căn_cứ)
