/** Columns that hold personal data are recognised by the names that agencies and their programs use. */
import { expect, it } from 'vitest';
import { isPersonal } from '../../src/catalog/personal.ts';

/** One line a kind. Names come from cadastral programs, from sheet PL3-01 of the clean-up campaign, and from English schemas. */
const PERSONAL: Readonly<Record<string, string>> = {
  holders:
    'tenchu ten_chu TENCHUSDD ChuSD CHU_SDD chusudung CHU_SU_DUNG TENCSD TCSD TenNSDD NSDD tenNguoiSuDung nguoi_sd ChuHo ten_chu_ho CHU chu1 chu_2 CHUDAT chu_nha chusohuu dongsohuu dong_su_dung',
  names: 'HoTen ho_ten hoten1 hoten_2 HoTenVo hotenchong TenVo ten_chong vo_chong tenchu2 full_name firstname surname',
  parties:
    'nguoi_dai_dien daidien NguoiKeKhai nguoi_mua nguoi_ban ben_chuyen_nhuong ben_nhan nguoi_thua_ke nguoi_moi nguoilienhe contact contact_person',
  owners: 'owner OWNERNAME owner_name OWNER1 holder holder_name landowner',
  papers:
    'cmnd so_cmnd CMND2 cmt SOCMT cmtnd cccd CCCD_moi SoCCCD_CMND cancuoc giay_to soGiayTo so_giay_to_tuy_than gttt so_dinh_danh SoDDCN ma_dinh_danh_ca_nhan ho_chieu passport_no id_card idcard_no id_number idno identity_no citizen_id personal_id',
  telephones:
    'sdt SDT1 so_dt SODT dienthoai so_dien_thoai DTDD di_dong mobile_phone phone phone1 phonenumber tel telephone zalo email e_mail mail thu_dien_tu',
  births:
    'ngaysinh ngay_sinh nam_sinh namsinh dob birthday date_of_birth noi_sinh birthplace gioitinh gioi_tinh gender sex',
  traits: 'dan_toc ethnicity ton_giao religion quoc_tich nationality que_quan hon_nhan van_tay',
  homes:
    'thuong_tru noi_thuong_tru diachithuongtru tam_tru ho_khau so_ho_khau dia_chi_chu DC_CHU DiaChiCSD DiaChiNSDD dia_chi_moi dia_chi_lien_he home_address',
  money: 'mst ma_so_thue stk so_tai_khoan bank_account',
};

/** Names that look alike: lakes, periods, areas, counts, organisations, parcels, stations. */
const PUBLIC =
  'national_id name ten ten_ho ten_duong ten_xa ten_to_chuc ten_co_quan parent_name name_en mdsd shthua shbando so_to sheet number ' +
  'code title status address dia_chi dia_chi_thua dc_chung permit_no issuer facility so_giay_phep so_gcn ngay_cap holder_kind owner_type ' +
  'ownership chu_ky chu_vi chu_thich chu_dau_tu chuc_nang chung_loai chuyen_doi dien_tich dt dtich dt_ton_giao sd_dat legal_area_m2 ' +
  'so_nguoi nguoi_dan dan_so tuoi_cay age so_dinh_danh_thua ma_dinh_danh_thua tram_di_dong ben_xe ben_cang gioi_han telemetry telecom ' +
  'residential id gid objectid ids identifier nguon_goc cs cd nd width_m valid_from surveyed_on acknowledged_reason';

const split = (names: string) => names.split(' ');

it.each(Object.entries(PERSONAL))('are recognised: %s', (_kind, names) => {
  expect(split(names).filter((name) => !isPersonal(name))).toEqual([]);
});

it('are recognised in Vietnamese with tone marks and spaces', () => {
  expect(
    ['Chủ sử dụng', 'họ và tên', 'Số điện thoại', 'Địa chỉ thường trú'].filter((name) => !isPersonal(name)),
  ).toEqual([]);
});

it('are not confused with names that look alike', () => {
  expect(split(PUBLIC).filter(isPersonal)).toEqual([]);
});
