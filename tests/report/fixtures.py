"""Dossiers made over a real programme, assessed by the engine: half met, with everything that a report has to show."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from engine.assess.assess import assess_dossier
from engine.assess.results import Assessment
from engine.dossier.schema import AS_DECLARED, Applicant, Assessor, Cell, Dossier, Entry, Evidence, EvidenceRef, Row, TableEntry
from engine.ruleset.lint import load_programme
from engine.ruleset.programme import Programme

PRODUCT_UNITS = (("product_unit", "万m"), ("material_unit", "t"), ("pollutant_unit", "kg"), ("gas_unit", "万m3"))
INPUTS = {
    "land_area": "66,700 m2",
    "building_floor_area": "81000 m2",
    "structure_floor_area": "2300.5 m2",
    "building_footprint": "30015 m2",
    "structure_footprint": "1200 m2",
    "production_capacity": "12000 万m",
    "green_material_used": "310 t",
    "comparable_material_used": "1020 t",
    "main_material_used": "9875.25 t",
    "main_pollutant": "cod",
    "energy_basis": "average",
    "energy_rank": "12 %",
    "industry_energy_intensity": "0.55 tce/万m",
    "average_output_per_land": "0.32 万元/m2",
    "above_scale": "yes",
    "discharge_permit": "yes",
    "pv_conditions": "no",
}
VERIFIED = {"building_footprint": "28900 m2", "energy_rank": "16 %"}
ANSWERS = ("yes", "yes", "yes", "no", "yes", "", "yes", "not_applicable")


@cache
def programme() -> Programme:
    """A scheme over one standard edition."""
    return load_programme("jiaxing_2017")


def dossier(**changes: object) -> Dossier:
    """A dyeing mill that answers most items, proves many of them, and leaves some open."""
    evidence = tuple(
        Evidence(
            id=f"E{i}",
            title=("营业执照", "环境影响评价批复", "能源管理体系认证证书", "月度能源统计报表", "竣工环保验收意见")[i % 5] + f"（{i}）",
            number=f"浙环建〔2014〕{i}号",
            issuer="嘉兴市生态环境局" if i % 2 else "认证机构",
            issued=f"201{i % 7}-03-0{1 + i % 9}",
            valid_until="2016-12-31" if i % 9 == 4 else "2030-12-31",
        )
        for i in range(1, 31)
    )
    made = Dossier(
        id="JX-2017-001",
        kind="green_factory",
        scheme="jiaxing_2017",
        applicant=Applicant(
            name="嘉兴示例印染有限公司（虚构）",
            credit_code="91330400MA28A1XX0X",
            industry="1713",
            district="xiuzhou",
            address="浙江省嘉兴市秀洲区示例镇工业园区示例路 88 号",
            products="棉及化纤混纺机织物染整、印花面料",
            ownership="民营",
            legal_representative="张三",
            department="安全环保部",
            contact="李四",
            phone="0573-8200 0000",
            email="green@example.com",
        ),
        assessor=Assessor(
            organisation="浙江示例节能评价有限公司（虚构）",
            credit_code="91330400MA28B2XX0X",
            address="浙江省嘉兴市南湖区示例大厦 9 楼",
            legal_representative="王五",
            contact="赵六",
            phone="0573-8300 0000",
            lead="赵六",
            members="钱七、孙八、周九",
            reviewer="吴十",
        ),
        year=2016,
        application_date="2017-09-15",
        highlights="屋顶光伏 3.2 MW；印染废水深度处理回用率 45 %；蒸汽冷凝水全部回收。",
        units=PRODUCT_UNITS,
        inputs=tuple(_input(name, text) for name, text in INPUTS.items()),
        tables=_tables(),
        answers=_answers(),
        evidence=evidence,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def _input(name: str, text: str) -> tuple[str, Entry]:
    verified = Cell(VERIFIED.get(name, AS_DECLARED))
    remark = "现场按竣工图复核" if name in VERIFIED else ""
    return name, Entry(Cell(text), verified, (EvidenceRef("E4", "2-5"),), "", remark)


def _answers() -> tuple[tuple[str, Entry], ...]:
    made = []
    judged = [name for name, c in programme().criteria.items() if c.method.method in ("conform", "judgement")]
    for i, name in enumerate((*programme().gates, *judged)):
        demand = programme().gates.get(name) or programme().criteria[name]
        text = ANSWERS[i % len(ANSWERS)] if i >= len(programme().gates) else "yes"
        if demand.na_allowed:
            text = "not_applicable"
        if not text or (text == "not_applicable" and not demand.na_allowed):
            continue
        refs = (EvidenceRef(f"E{1 + i % 30}", "1-3" if i % 3 else ""), *((EvidenceRef("E2"),) if i % 4 == 0 else ()))
        verified = Cell("no") if i % 11 == 7 and text == "yes" else Cell(AS_DECLARED)
        made.append(
            (
                name,
                Entry(
                    Cell(text),
                    verified,
                    () if i % 10 == 9 else refs,
                    "产品不属于用能产品" if text == "not_applicable" else "",
                    "现场核对，记录完整。" if i % 6 == 0 else "",
                ),
            )
        )
    return tuple(made)


def _tables() -> tuple[tuple[str, TableEntry], ...]:
    months = [f"2016-{month:02}" for month in range(1, 13)]
    energy = [_row(month=m, carrier="electricity", quantity=f"{812_345 + 1000 * i} kWh") for i, m in enumerate(months)]
    energy += [_row(month=m, carrier="natural_gas", quantity=f"{52_000 - 100 * i} m3") for i, m in enumerate(months)]
    production = [_row(month=m, output=f"{820 + i} 万m", output_value=f"{1650.5 + i} 万元") for i, m in enumerate(months)]
    water = [_row(month=m, wastewater_generated="42000 t", treated_reused="16800 m3", discharged_volume="25200 m3") for m in months]
    waste = [_row(waste="污泥", generated="820 t", utilised="610 t"), _row(waste="边角料", generated="96 t", utilised="96 t")]
    rows = {"energy": energy, "production": production, "water": water, "solid_waste": waste}
    return tuple((name, TableEntry(tuple(part), True, (EvidenceRef("E9"),))) for name, part in rows.items())


def _row(**cells: str) -> Row:
    return Row(tuple((name, Cell(text)) for name, text in cells.items()))


@cache
def assessed(basis: str = "verified") -> tuple[Assessment, Dossier]:
    """The dossier's assessment on a basis."""
    made = dossier()
    return assess_dossier(programme(), made, basis), made
