;; Blurring, sharpening and mixing of layers, in WebAssembly with SIMD. Opacities and sums are f32, pictures are bytes.
;; What is read beyond the end of a row has no effect.
(module
  (import "kernels" "memory" (memory 1 16384 shared))

  (func $atMost (param $value i32) (param $most i32) (result i32)
    (select (local.get $value) (local.get $most) (i32.lt_s (local.get $value) (local.get $most))))

  ;; The number of a row that is cut to those there are, times the bytes of a row.
  (func $row (param $y i32) (param $height i32) (param $bytes i32) (result i32)
    (i32.mul (local.get $bytes)
      (call $atMost (i32.sub (local.get $height) (i32.const 1))
        (select (local.get $y) (i32.const 0) (i32.gt_s (local.get $y) (i32.const 0))))))

  ;; Two rows of floats, side by side as f64.
  (func $pair (param $a i32) (param $b i32) (param $at i32) (result v128)
    (f64x2.promote_low_f32x4
      (v128.load32_lane 1 (i32.add (local.get $b) (local.get $at))
        (v128.load32_zero (i32.add (local.get $a) (local.get $at))))))

  ;; Separable box blur in place, edge pixels repeated. scratch: as large as the mask; sums: one f64 per column.
  (func (export "blur")
    (param $mask i32) (param $width i32) (param $height i32) (param $radius i32) (param $scratch i32) (param $sums i32)
    (local $bytes i32) (local $y i32) (local $x i32) (local $a i32) (local $b i32) (local $last i32) (local $reach i32)
    (local $share v128) (local $sum v128) (local $mean v128) (local $row i32) (local $entering i32) (local $leaving i32)
    (local.set $bytes (i32.shl (local.get $width) (i32.const 2)))
    (local.set $last (i32.sub (local.get $bytes) (i32.const 4)))
    (local.set $reach (i32.shl (local.get $radius) (i32.const 2)))
    (local.set $share (f64x2.splat (f64.div (f64.const 1)
      (f64.convert_i32_s (i32.add (i32.shl (local.get $radius) (i32.const 1)) (i32.const 1))))))
    ;; Along two rows at a time: each sum waits for the one before.
    (loop $rows
      (local.set $a (call $row (local.get $y) (local.get $height) (local.get $bytes)))
      (local.set $b (call $row (i32.add (local.get $y) (i32.const 1)) (local.get $height) (local.get $bytes)))
      (local.set $sum (v128.const f64x2 0 0))
      (local.set $x (i32.sub (i32.const 0) (local.get $reach)))
      (loop $first
        (local.set $sum (f64x2.add (local.get $sum)
          (call $pair
            (i32.add (local.get $mask) (local.get $a)) (i32.add (local.get $mask) (local.get $b))
            (call $atMost (local.get $last)
              (select (local.get $x) (i32.const 0) (i32.gt_s (local.get $x) (i32.const 0)))))))
        (local.set $x (i32.add (local.get $x) (i32.const 4)))
        (br_if $first (i32.le_s (local.get $x) (local.get $reach))))
      (local.set $x (i32.const 0))
      (loop $along
        (local.set $mean (f32x4.demote_f64x2_zero (f64x2.mul (local.get $sum) (local.get $share))))
        (v128.store32_lane 0 (i32.add (i32.add (local.get $scratch) (local.get $a)) (local.get $x)) (local.get $mean))
        (v128.store32_lane 1 (i32.add (i32.add (local.get $scratch) (local.get $b)) (local.get $x)) (local.get $mean))
        (local.set $entering (i32.add (i32.add (local.get $x) (local.get $reach)) (i32.const 4)))
        (local.set $entering
          (select (local.get $entering) (local.get $last) (i32.lt_s (local.get $entering) (local.get $last))))
        (local.set $leaving (i32.sub (local.get $x) (local.get $reach)))
        (local.set $leaving (select (local.get $leaving) (i32.const 0) (i32.gt_s (local.get $leaving) (i32.const 0))))
        (local.set $entering (i32.add (local.get $entering) (local.get $mask)))
        (local.set $leaving (i32.add (local.get $leaving) (local.get $mask)))
        (local.set $sum (f64x2.add (local.get $sum) (f64x2.sub
          (f64x2.promote_low_f32x4
            (v128.load32_lane 1 (i32.add (local.get $b) (local.get $entering))
              (v128.load32_zero (i32.add (local.get $a) (local.get $entering)))))
          (f64x2.promote_low_f32x4
            (v128.load32_lane 1 (i32.add (local.get $b) (local.get $leaving))
              (v128.load32_zero (i32.add (local.get $a) (local.get $leaving))))))))
        (local.set $x (i32.add (local.get $x) (i32.const 4)))
        (br_if $along (i32.lt_s (local.get $x) (local.get $bytes))))
      (local.set $y (i32.add (local.get $y) (i32.const 2)))
      (br_if $rows (i32.lt_s (local.get $y) (local.get $height))))
    ;; Down all columns at once, two at a time.
    (local.set $x (i32.const 0))
    (loop $columns
      (local.set $sum (v128.const f64x2 0 0))
      (local.set $y (i32.sub (i32.const 0) (local.get $radius)))
      (loop $top
        (local.set $sum (f64x2.add (local.get $sum) (f64x2.promote_low_f32x4 (v128.load64_zero
          (i32.add (i32.add (local.get $scratch) (local.get $x))
            (call $row (local.get $y) (local.get $height) (local.get $bytes)))))))
        (local.set $y (i32.add (local.get $y) (i32.const 1)))
        (br_if $top (i32.le_s (local.get $y) (local.get $radius))))
      (v128.store (i32.add (local.get $sums) (i32.shl (local.get $x) (i32.const 1))) (local.get $sum))
      (local.set $x (i32.add (local.get $x) (i32.const 8)))
      (br_if $columns (i32.lt_s (local.get $x) (local.get $bytes))))
    (local.set $y (i32.const 0))
    (loop $down
      (local.set $row (i32.add (local.get $mask) (i32.mul (local.get $y) (local.get $bytes))))
      (local.set $entering (i32.add (local.get $scratch)
        (call $row (i32.add (i32.add (local.get $y) (local.get $radius)) (i32.const 1)) (local.get $height) (local.get $bytes))))
      (local.set $leaving (i32.add (local.get $scratch)
        (call $row (i32.sub (local.get $y) (local.get $radius)) (local.get $height) (local.get $bytes))))
      (local.set $x (i32.const 0))
      (local.set $a (local.get $sums))
      (loop $across
        (local.set $sum (v128.load (local.get $a)))
        (local.set $mean (f32x4.demote_f64x2_zero (f64x2.mul (local.get $sum) (local.get $share))))
        ;; The last one may stand alone.
        (if (i32.eq (local.get $x) (local.get $last))
          (then (v128.store32_lane 0 (i32.add (local.get $row) (local.get $x)) (local.get $mean)))
          (else (v128.store64_lane 0 (i32.add (local.get $row) (local.get $x)) (local.get $mean))))
        (v128.store (local.get $a) (f64x2.add (local.get $sum) (f64x2.sub
          (f64x2.promote_low_f32x4 (v128.load64_zero (i32.add (local.get $entering) (local.get $x))))
          (f64x2.promote_low_f32x4 (v128.load64_zero (i32.add (local.get $leaving) (local.get $x)))))))
        (local.set $a (i32.add (local.get $a) (i32.const 16)))
        (local.set $x (i32.add (local.get $x) (i32.const 8)))
        (br_if $across (i32.lt_s (local.get $x) (local.get $bytes))))
      (local.set $y (i32.add (local.get $y) (i32.const 1)))
      (br_if $down (i32.lt_s (local.get $y) (local.get $height)))))

  ;; Four bytes as floats.
  (func $floats (param $at i32) (result v128)
    (f32x4.convert_i32x4_u (i32x4.extend_low_i16x8_u (i16x8.extend_low_i8x16_u (v128.load32_zero (local.get $at))))))

  ;; Four floats as bytes: to the nearest, cut to 0 to 255.
  (func $store (param $at i32) (param $values v128)
    (local.set $values (i32x4.trunc_sat_f32x4_s (f32x4.nearest (local.get $values))))
    (local.set $values (i16x8.narrow_i32x4_s (local.get $values) (local.get $values)))
    (v128.store32_lane 0 (local.get $at) (i8x16.narrow_i16x8_u (local.get $values) (local.get $values))))

  ;; Gives pixels that are covered, and whose four neighbours are, so much more of their difference from these. The plane is
  ;; at least six pixels wide; rows: room for two of it.
  (func (export "sharpen")
    (param $data i32) (param $covered i32) (param $width i32) (param $height i32) (param $share f32) (param $rows i32)
    (local $y i32) (local $x i32) (local $above i32) (local $own i32) (local $k i32) (local $mark i32) (local $last i32)
    (local $values v128) (local $where v128)
    (local.set $above (local.get $rows))
    (local.set $own (i32.add (local.get $rows) (local.get $width)))
    (local.set $last (i32.sub (local.get $width) (i32.const 5)))
    (memory.copy (local.get $above) (local.get $data) (local.get $width))
    (local.set $y (i32.const 1))
    (loop $down
      (local.set $k (i32.add (local.get $data) (i32.mul (local.get $y) (local.get $width))))
      (memory.copy (local.get $own) (local.get $k) (local.get $width))
      (local.set $x (i32.const 1))
      (loop $across
        ;; The last four may be done again: they are made of copies.
        (if (i32.gt_s (local.get $x) (local.get $last)) (then (local.set $x (local.get $last))))
        (local.set $mark (i32.add (local.get $covered) (i32.add (i32.mul (local.get $y) (local.get $width)) (local.get $x))))
        (local.set $where (v128.and
          (v128.and
            (v128.load32_zero (i32.sub (local.get $mark) (i32.const 1))) (v128.load32_zero offset=1 (local.get $mark)))
          (v128.and
            (v128.load32_zero (i32.sub (local.get $mark) (local.get $width)))
            (v128.load32_zero (i32.add (local.get $mark) (local.get $width))))))
        (if (v128.any_true (local.get $where))
          (then
            (local.set $values (call $floats (i32.add (local.get $own) (local.get $x))))
            (local.set $where (i32x4.extend_low_i16x8_u (i16x8.extend_low_i8x16_u (local.get $where))))
            (call $store (i32.add (local.get $k) (local.get $x))
              (f32x4.add (local.get $values)
                (v128.and
                  (i32x4.ne (local.get $where) (v128.const i32x4 0 0 0 0))
                  (f32x4.mul (f32x4.splat (local.get $share))
                    (f32x4.sub (local.get $values)
                      (f32x4.mul (v128.const f32x4 0.25 0.25 0.25 0.25)
                        (f32x4.add
                          (f32x4.add
                            (call $floats (i32.sub (i32.add (local.get $own) (local.get $x)) (i32.const 1)))
                            (call $floats (i32.add (i32.add (local.get $own) (local.get $x)) (i32.const 1))))
                          (f32x4.add
                            (call $floats (i32.add (local.get $above) (local.get $x)))
                            (call $floats (i32.add (i32.add (local.get $k) (local.get $width)) (local.get $x)))))))))))))
        (local.set $x (i32.add (local.get $x) (i32.const 4)))
        (br_if $across (i32.lt_s (local.get $x) (i32.sub (local.get $width) (i32.const 1)))))
      (local.set $x (local.get $above))
      (local.set $above (local.get $own))
      (local.set $own (local.get $x))
      (local.set $y (i32.add (local.get $y) (i32.const 1)))
      (br_if $down (i32.lt_s (local.get $y) (i32.sub (local.get $height) (i32.const 1))))))

  ;; 1 bits for those of four pixels that are still in a row.
  (func $inRow (param $left i32) (result v128)
    (i32x4.gt_s (i32x4.splat (local.get $left)) (v128.const i32x4 0 1 2 3)))

  ;; Adds a layer, its colours corrected, to a sum: weight * (layer + a + b x + c y + lips * tone), x and y from -0.5 to 0.5;
  ;; where the layer has no picture that of the base instead.
  (func (export "accumulate")
    (param $sum i32) (param $layer i32) (param $covered i32) (param $tone i32) (param $width i32) (param $height i32)
    (param $base i32) (param $stride i32)
    (param $a f32) (param $b f32) (param $c f32) (param $lips f32) (param $weight f32)
    (local $y i32) (local $x i32) (local $k i32) (local $added v128) (local $slope v128) (local $at i32)
    (local.set $slope (f32x4.splat (f32.div (local.get $b) (f32.convert_i32_s (local.get $width)))))
    (loop $down
      (local.set $added (f32x4.add
        (f32x4.splat (f32.sub
          (f32.add (local.get $a) (f32.mul (local.get $c)
            (f32.sub (f32.div (f32.convert_i32_s (local.get $y)) (f32.convert_i32_s (local.get $height))) (f32.const 0.5))))
          (f32.mul (local.get $b) (f32.const 0.5))))
        (f32x4.mul (local.get $slope) (v128.const f32x4 0 1 2 3))))
      (local.set $x (i32.const 0))
      (loop $across
        (local.set $k (i32.add (i32.mul (local.get $y) (local.get $width)) (local.get $x)))
        (local.set $at (i32.add (local.get $sum) (i32.shl (local.get $k) (i32.const 2))))
        (v128.store (local.get $at)
          (f32x4.add (v128.load (local.get $at))
            (v128.and (call $inRow (i32.sub (local.get $width) (local.get $x)))
              (f32x4.mul (f32x4.splat (local.get $weight))
                (v128.bitselect
                  (f32x4.add
                    (f32x4.add (call $floats (i32.add (local.get $layer) (local.get $k))) (local.get $added))
                    (f32x4.mul (f32x4.splat (local.get $lips))
                      (v128.load (i32.add (local.get $tone) (i32.shl (local.get $k) (i32.const 2))))))
                  (call $floats (i32.add (local.get $base) (i32.add (i32.mul (local.get $y) (local.get $stride)) (local.get $x))))
                  (i32x4.ne (v128.const i32x4 0 0 0 0)
                    (i32x4.extend_low_i16x8_u (i16x8.extend_low_i8x16_u
                      (v128.load32_zero (i32.add (local.get $covered) (local.get $k)))))))))))
        (local.set $added (f32x4.add (local.get $added) (f32x4.mul (local.get $slope) (v128.const f32x4 4 4 4 4))))
        (local.set $x (i32.add (local.get $x) (i32.const 4)))
        (br_if $across (i32.lt_s (local.get $x) (local.get $width))))
      (local.set $y (i32.add (local.get $y) (i32.const 1)))
      (br_if $down (i32.lt_s (local.get $y) (local.get $height)))))

  ;; base += opacity * (layer - base)
  (func (export "blend")
    (param $base i32) (param $stride i32) (param $layer i32) (param $opacity i32) (param $width i32) (param $height i32)
    (local $y i32) (local $x i32) (local $p i32) (local $at i32) (local $inRow v128)
    (local $opaque v128) (local $values v128)
    (loop $down
      (local.set $x (i32.const 0))
      (loop $across
        (local.set $at (i32.shl (i32.add (i32.mul (local.get $y) (local.get $width)) (local.get $x)) (i32.const 2)))
        (local.set $inRow (call $inRow (i32.sub (local.get $width) (local.get $x))))
        (local.set $opaque (v128.and
          (v128.load (i32.add (local.get $opacity) (local.get $at)))
          (local.get $inRow)))
        (if (v128.any_true (local.get $opaque))
          (then
            (local.set $p (i32.add (local.get $base) (i32.add (i32.mul (local.get $y) (local.get $stride)) (local.get $x))))
            (local.set $values (call $floats (local.get $p)))
            (call $store (local.get $p)
              (f32x4.add (local.get $values)
                (v128.and (local.get $inRow)
                  (f32x4.mul (local.get $opaque)
                    (f32x4.sub (v128.load (i32.add (local.get $layer) (local.get $at))) (local.get $values))))))))
        (local.set $x (i32.add (local.get $x) (i32.const 4)))
        (br_if $across (i32.lt_s (local.get $x) (local.get $width))))
      (local.set $y (i32.add (local.get $y) (i32.const 1)))
      (br_if $down (i32.lt_s (local.get $y) (local.get $height)))))

  ;; A blurred mask as opacity: full where it was above a half, run out smoothly below.
  (func (export "feather") (param $mask i32) (param $count i32) (param $strength f32)
    (local $end i32) (local $a v128)
    (local.set $end (i32.add (local.get $mask) (i32.shl (local.get $count) (i32.const 2))))
    (loop $each
      (local.set $a (v128.load (local.get $mask)))
      (local.set $a (f32x4.pmin (v128.const f32x4 1 1 1 1) (f32x4.add (local.get $a) (local.get $a))))
      (v128.store (local.get $mask)
        (f32x4.mul (f32x4.splat (local.get $strength))
          (f32x4.mul (f32x4.mul (local.get $a) (local.get $a))
            (f32x4.sub (v128.const f32x4 3 3 3 3) (f32x4.add (local.get $a) (local.get $a))))))
      (local.set $mask (i32.add (local.get $mask) (i32.const 16)))
      (br_if $each (i32.lt_u (local.get $mask) (local.get $end)))))
)
